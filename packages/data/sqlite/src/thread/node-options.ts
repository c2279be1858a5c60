/** Of a program that is given as text: a thread runs a file, and would take these for its own. */
const ofTexts = /^(?:--input-type|--eval|--print|-e|-p|-pe)(=|$)/

/** The options of Node that a thread is started with: those of the process, and where it must not have all of them, the others. */
export function nodeOptions(ofProcess: readonly string[]): { execArgv?: string[] } {
  // Without this one the thread is better off with what it gets by itself: given again, some of them are refused.
  if (!ofProcess.some((option) => option.startsWith('--input-type'))) return {}
  const isValue = (index: number): boolean => ofTexts.exec(ofProcess[index - 1] ?? '')?.[1] === ''
  return { execArgv: ofProcess.filter((option, index) => !ofTexts.test(option) && !isValue(index)) }
}
