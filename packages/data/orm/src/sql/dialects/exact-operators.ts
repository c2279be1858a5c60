/** Of decimals, by the dialect's name for them: their results are rounded to the decimal's scale. */
export const exactOperators: ReadonlyMap<string, string> = new Map([
  ['*', ' * '],
  ['/', ' / '],
  ['times', ' * '],
  ['share', ' / '],
])
