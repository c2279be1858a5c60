/** What of Jest's results is read here. */
interface RunResults {
  testResults: readonly { testResults: readonly { status: string; ancestorTitles: readonly string[]; title: string }[] }[]
}

/** Names the tests that did not run: Jest's own reporter is silent about a file in which all are skipped. */
export default class SkippedReporter {
  onRunComplete(_contexts: unknown, { testResults }: RunResults): void {
    const skipped = testResults.flatMap((file) => file.testResults).filter(({ status }) => status === 'pending')
    for (const { ancestorTitles, title } of skipped) {
      process.stderr.write(`○ skipped: ${[...ancestorTitles, title].join(' › ')}\n`)
    }
  }
}
