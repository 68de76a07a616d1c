'use strict';
// Loaded before anything else in the sidecar and in every function's process: `Date` reads the rehearsal's virtual clock.
const fs = require('node:fs');

const RealDate = globalThis.Date;
const realNow = RealDate.now;
const clockFile = fs.openSync(process.env.CLOCK_FILE, 'r');
const offset = Buffer.alloc(8);

/** Milliseconds of virtual time: the file holds, as a little-endian float64, the seconds virtual time is ahead of real time. */
function now() {
  fs.readSync(clockFile, offset, 0, 8, 0);
  return realNow() + Math.round(offset.readDoubleLE(0) * 1000);
}

globalThis.Date = new Proxy(RealDate, {
  construct: (_target, args, newTarget) =>
    Reflect.construct(RealDate, args.length > 0 ? args : [now()], newTarget === globalThis.Date ? RealDate : newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

// The provider framework of aws-cdk-lib answers a custom resource at ResponseURL but drops the URL's port.
const gatewayPort = process.env.GATEWAY_PORT;
if (gatewayPort !== undefined && process.env.AWS_LAMBDA_RUNTIME_API !== undefined) {
  const https = require('node:https');
  const request = https.request;
  https.request = (options, ...rest) => {
    const plain = typeof options === 'object' && options !== null && !(options instanceof URL);
    const lostPort = plain && (options.hostname ?? options.host) === 'localhost' && !options.port;
    return request(lostPort ? { ...options, port: gatewayPort } : options, ...rest);
  };
}
