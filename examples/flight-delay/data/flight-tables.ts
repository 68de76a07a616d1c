/**
 * SQL over the real flights: the columns the model sees, each as it was known at its time. Every sample is drawn by a hash of the row,
 * so that it is the same on every machine.
 */

/** Rows per ten thousand that a sample takes. A smaller sample is part of every larger one. */
export const SHARES = { january: 2500, month: 720, live: 102 } as const;

/** Hours of data behind a value of `origin_delay_2h`, and the hours between them and the flight's own hour. */
const KNOWN_AFTER_HOURS = 3;

/** Scheduled flying time in minutes, roughly: half an hour on the ground, and eight miles a minute. The data does not have it. */
const FLYING_MINUTES = 'to_minutes(30 + (distance / 8)::BIGINT)';

/**
 * The flights of a Parquet file (`date`, `delay` on arrival, `distance`, `origin`, `destination`), within bounds that leave out
 * the handful of impossible delays.
 */
export const flightsView = (file: string) => `
  CREATE VIEW flights AS
  SELECT date AS scheduled, date_trunc('hour', date) AS hour, origin, destination, distance, delay,
    delay > 15 AS late, hash(date, origin, destination, distance, delay) % 10000 AS draw
  FROM read_parquet('${file}')
  WHERE date < TIMESTAMP '2001-07-01' AND delay BETWEEN -180 AND 1800`;

/**
 * Mean delay per origin, as known at the beginning of the hour `known_hour`: over flights scheduled between three and two hours before it
 * that should have landed by then. A flight that has not landed counts with the delay it has so far, never with its later one.
 */
export const KNOWN_DELAYS = `
  CREATE TABLE known_delays AS
  SELECT origin, hour + to_hours(${KNOWN_AFTER_HOURS}) AS known_hour,
    round(avg(least(delay, date_diff('minute', scheduled + ${FLYING_MINUTES}, hour + to_hours(${KNOWN_AFTER_HOURS})))), 1)
      AS origin_delay_2h
  FROM flights
  WHERE scheduled + ${FLYING_MINUTES} <= hour + to_hours(${KNOWN_AFTER_HOURS})
  GROUP BY ALL`;

/** Every flight of the largest samples with all columns, oldest first. */
export const SAMPLED_FLIGHTS = `
  CREATE TABLE sampled AS
  SELECT strftime(scheduled, '%Y-%m-%dT%H:%M:%SZ') AS scheduled, month(scheduled) AS month,
    flights.origin, destination, distance, origin_delay_2h, late, draw
  FROM flights LEFT JOIN known_delays ON flights.origin = known_delays.origin AND hour = known_hour
  WHERE draw < (CASE WHEN month(scheduled) = 1 THEN ${SHARES.january} ELSE ${SHARES.month} END)
  ORDER BY scheduled, flights.origin, destination, distance, late, draw`;

const COLUMNS = 'scheduled, origin, destination, distance, origin_delay_2h';

/** Flights of some months with their outcome, oldest first. */
export const labelledMonths = (first: number, last: number) =>
  `SELECT ${COLUMNS}, late FROM sampled WHERE month BETWEEN ${first} AND ${last}`;

/** January with the outcomes dealt out anew among its flights, so that nothing can be learned from it. */
export const SHUFFLED_JANUARY = `
  WITH rows AS (SELECT *, row_number() OVER (ORDER BY scheduled, origin, destination, draw) AS place FROM sampled WHERE month = 1),
    dealt AS (SELECT late, row_number() OVER (ORDER BY hash(scheduled, origin, destination, draw)) AS place FROM rows)
  SELECT ${COLUMNS}, dealt.late FROM rows JOIN dealt USING (place) ORDER BY place`;

/** Flights of February to June that callers ask about; the outcome is not theirs to know, it serves to judge the answers. */
export const LIVE_FLIGHTS = `SELECT ${COLUMNS}, late FROM sampled WHERE month > 1 AND draw < ${SHARES.live}`;
