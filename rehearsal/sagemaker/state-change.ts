/** Times in events are milliseconds, in answers of the API seconds. */
export const milliseconds = (seconds: number | undefined) =>
  seconds === undefined ? undefined : Math.floor(seconds * 1000);

/** How events spell an endpoint's status: `InService` of the API is `IN_SERVICE`. */
export const eventCasing = (status: string) => status.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
