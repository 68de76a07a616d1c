'use strict';
// The Node.js runtime of a function: asks the Runtime API for events, calls the handler, reports what came of it.
const fs = require('node:fs');
const http = require('node:http');
const { enableCompileCache } = require('node:module');
const net = require('node:net');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

// A function's code is compiled once for all its processes: on a laptop they start more often than they work.
enableCompileCache(process.argv[2]);

const PARENT_DESCRIPTOR = 3;
const env = process.env;
const [apiHost, apiPort] = env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

// The host holds the other end; when the host is gone, by whatever way, so are we.
new net.Socket({ fd: PARENT_DESCRIPTOR })
  .on('close', () => process.exit(1))
  .on('error', () => process.exit(1))
  .resume()
  .unref();

function call(method, route, body) {
  return new Promise((resolve, reject) => {
    const options = { agent, host: apiHost, port: apiPort, method, path: `/2018-06-01/runtime/${route}` };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function describeError(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function named(name, message) {
  return Object.assign(new Error(message), { name });
}

async function loadHandler() {
  const at = env._HANDLER.lastIndexOf('.');
  const [module, exported] = [env._HANDLER.slice(0, at), env._HANDLER.slice(at + 1)];
  const file = ['.js', '.mjs', '.cjs']
    .map((extension) => path.join(env.LAMBDA_TASK_ROOT, module + extension))
    .find((candidate) => fs.existsSync(candidate));
  if (file === undefined) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`);
  const loaded = file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : require(file);
  const handler = loaded[exported] ?? loaded.default?.[exported];
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${env._HANDLER} is undefined or not exported`);
  return handler;
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  };
}

/** Takes over newer credentials of the same role; the SDK asks the environment again when its own are near expiry. */
function refreshCredentials(headers) {
  const fresh = headers['rehearsal-credentials'];
  if (fresh !== undefined) Object.assign(env, JSON.parse(fresh));
}

async function serve(handler) {
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next');
    const id = headers['lambda-runtime-aws-request-id'];
    refreshCredentials(headers);
    let route = 'response';
    let answer;
    try {
      answer = JSON.stringify(await handler(JSON.parse(body), contextOf(headers))) ?? 'null';
    } catch (error) {
      route = 'error';
      answer = JSON.stringify(describeError(error));
      console.error(`${new Date().toISOString()}\t${id}\tERROR\tInvoke Error\t${answer}`);
    }
    await call('POST', `invocation/${id}/${route}`, answer);
  }
}

async function main() {
  let handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    const shown = describeError(error);
    console.error(`${new Date().toISOString()}\tundefined\tERROR\tUncaught Exception\t${JSON.stringify(shown)}`);
    await call('POST', 'init/error', JSON.stringify(shown));
    process.exit(1);
  }
  await serve(handler);
}

void main();
