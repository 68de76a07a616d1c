import type { ASTNode } from '@marcbachmann/cel-js';

const NAMES: readonly string[] = ['score', 'predicted', 'label', 'value', 'row'];
const FUNCTIONS: readonly string[] = ['double', 'int', 'string', 'size', 'min', 'max', 'abs'];
/** `matches` is left out: a regular expression may take for ever. */
const METHODS: readonly string[] = ['contains', 'startsWith', 'endsWith', 'size'];

/** What an expression asks for, and what it may not ask for. */
export interface ExpressionReads {
  readonly names: readonly string[];
  readonly columns: readonly string[];
  readonly problems: readonly { readonly message: string; readonly fix: string }[];
}

/** Names and columns that an expression reads, found before it is ever run. */
export function readsOf(root: ASTNode): ExpressionReads {
  const [names, columns] = [new Set<string>(), new Set<string>()];
  const problems = new Map<string, string>();
  const visit = (node: ASTNode): void => {
    const column = columnRead(node);
    if (column !== undefined) {
      columns.add(column);
      return;
    }
    const problem = problemOf(node);
    if (problem !== undefined) problems.set(problem.message, problem.fix);
    else if (node.op === 'id') names.add(node.args);
    nodesIn(node.args).forEach(visit);
  };
  visit(root);
  return {
    names: [...names],
    columns: [...columns],
    problems: [...problems].map(([message, fix]) => ({ message, fix })),
  };
}

/** The column of `row.name` or `row["name"]`. */
function columnRead(node: ASTNode): string | undefined {
  if (node.op === '.' && isRow(node.args[0])) return node.args[1];
  if (node.op !== '[]' || !isRow(node.args[0])) return undefined;
  const [, index] = node.args;
  return index.op === 'value' && typeof index.args === 'string' ? index.args : undefined;
}

const isRow = (node: ASTNode) => node.op === 'id' && node.args === 'row';

function problemOf(node: ASTNode): { message: string; fix: string } | undefined {
  switch (node.op) {
    case 'id':
      if (node.args === 'row') return { message: 'uses the row as a whole', fix: 'read its columns: row.<column>' };
      return NAMES.includes(node.args)
        ? undefined
        : {
            message: `names ${node.args}, which there is not`,
            fix: `use ${NAMES.slice(0, -1).join(', ')} or row.<column>`,
          };
    case 'call':
      return FUNCTIONS.includes(node.args[0])
        ? undefined
        : { message: `calls ${node.args[0]}, which it may not`, fix: `use one of: ${FUNCTIONS.join(', ')}` };
    case 'rcall':
      return METHODS.includes(node.args[0])
        ? undefined
        : { message: `calls ${node.args[0]}, which it may not`, fix: `use one of: ${METHODS.join(', ')}` };
    case '.':
    case '.?':
    case '[]':
    case '[?]':
    case 'map':
      return {
        message: 'looks into something else than the row',
        fix: 'read columns as row.<column> or row["<column>"]',
      };
    default:
      return undefined;
  }
}

function nodesIn(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  return isNode(args) ? [args] : [];
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
