import { z } from 'zod';

/** Members that all List operations share; what is not named here filters nothing. */
export const ListRequestSchema = z.looseObject({
  NameContains: z.string().optional(),
  StatusEquals: z.string().optional(),
  SortOrder: z.enum(['Ascending', 'Descending']).default('Descending'),
  MaxResults: z.int().default(10),
  NextToken: z.string().optional(),
  CreationTimeAfter: z.number().optional(),
  CreationTimeBefore: z.number().optional(),
});
export type ListRequest = z.infer<typeof ListRequestSchema>;

/** What can be listed: a summary in the service's names, and what it is filtered and sorted by. */
export interface Listed {
  readonly name: string;
  readonly created: number;
  readonly status?: string;
  readonly summary: Readonly<Record<string, unknown>>;
}

/** One page of a list under `member`, newest first unless asked otherwise. */
export function listPage(member: string, all: readonly Listed[], request: ListRequest): Record<string, unknown> {
  const {
    NameContains = '',
    StatusEquals,
    CreationTimeAfter = 0,
    CreationTimeBefore = Number.POSITIVE_INFINITY,
  } = request;
  const direction = request.SortOrder === 'Ascending' ? 1 : -1;
  const found = all
    .filter((item) => item.name.includes(NameContains))
    .filter((item) => StatusEquals === undefined || item.status === StatusEquals)
    .filter((item) => item.created >= CreationTimeAfter && item.created <= CreationTimeBefore)
    .toSorted((a, b) => direction * (a.created - b.created));
  const from = Number(request.NextToken ?? 0);
  const to = from + request.MaxResults;
  return {
    [member]: found.slice(from, to).map((item) => item.summary),
    ...(to < found.length ? { NextToken: String(to) } : {}),
  };
}
