/** What keeps a column from being more than text. */
export interface AlmostCollector {
  add(text: string): void;
  /** What to change in the data so that the column becomes what it seems to be; undefined when it seems to be text. */
  advice(): string | undefined;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DATE = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?$/;
const DECORATED = /^(?=.*\d)[$€£¥+-]?\s?-?\d[\d.,' ]*\s?[%€$£¥]?$/;
const YES_OR_NO = /^(?:y|yes|n|no|t|f|ja|nein|j|oui|non|si|sí|true|false|on|off)$/i;
/** More different texts than these are no placeholders. */
const MOST_PLACEHOLDERS = 3;

/** Looks whether texts are numbers, dates or truths but for their form, or but for a few placeholders. */
export function almost(): AlmostCollector {
  const count = { all: 0, numbers: 0, dates: 0, decorated: 0, truths: 0 };
  const others = new Map<string, number>();
  return {
    add: (text) => {
      const trimmed = text.trim();
      count.all++;
      if (DATE.test(trimmed)) count.dates++;
      if (YES_OR_NO.test(trimmed)) count.truths++;
      if (DECORATED.test(trimmed)) count.decorated++;
      if (NUMBER.test(trimmed)) count.numbers++;
      else if (others.size <= MOST_PLACEHOLDERS)
        others.set(trimmed.slice(0, 40), (others.get(trimmed.slice(0, 40)) ?? 0) + 1);
    },
    advice: () => {
      const { all, numbers, dates, decorated, truths } = count;
      if (all === 0 || numbers === all) return undefined;
      if (dates === all) return 'dates in another form: write them as 2001-01-31 for a timestamp';
      if (truths === all) return 'yes and no in other words: write true and false for a boolean';
      if (numbers * 2 > all && others.size <= MOST_PLACEHOLDERS)
        return `numbers but for ${[...others.keys()].map((text) => JSON.stringify(text)).join(', ')} (${all - numbers} times): leave missing values empty for a numeric column`;
      if (decorated === all)
        return 'numbers with separators or signs: write digits and a decimal point for a numeric column';
      return undefined;
    },
  };
}
