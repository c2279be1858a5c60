/** One promise that CI keeps. */
export interface Step {
  name: string
  command: readonly string[]
  /** Where the command runs: as somebody types it, with this machine's Node first, or with the workspace's Node first in PATH. */
  node: 'machine' | 'workspace'
  environment?: Record<string, string>
  /** The file of Jest's results; a step without one counts as one check. */
  report?: string
  /** Why it does not apply here. */
  skipReason?: string
}

/** Root scripts, each the check of one promise. */
const checks = {
  types: 'Types hold',
  lint: 'Lint is clean',
  'format:check': 'Code is formatted',
  coverage: 'Coverage keeps its floor',
  layers: 'Layers point down',
  manifests: 'Manifests are in order',
  names: 'Public names changed on purpose',
  packing: 'Packages resolve when packed',
  'changeset:check': 'A changeset is present',
  readmes: 'READMEs tell the truth',
}

/** The rest is about this repository: its tools, its guides, its benchmarks. */
const whatUsersRun = ['packages/', 'apps/conduit/']

/**
 * @param major of the Node that runs the first test step
 * @param newest path of the second Node; undefined where the registry has none for this platform
 */
export function steps({ major, newest }: { major: string; newest: string | undefined }): readonly Step[] {
  return [
    tests(`Tests pass on Node ${major}`, ['npm', 'test'], `coverage/tests-node-${major}.json`),
    {
      ...tests(
        'Packages and Conduit pass on Node 26',
        [newest ?? 'node', 'tooling/launch/test.ts', '--coverage=false', ...whatUsersRun],
        'coverage/tests-node-26-again.json',
        { COVET_TEST_AGAIN: '1' },
      ),
      ...(newest ? {} : { skipReason: 'the registry has no Node 26 for this platform' }),
    },
    ...Object.entries(checks).map(([script, name]): Step => ({ name, command: ['npm', 'run', '--silent', script], node: 'workspace' })),
  ]
}

function tests(name: string, command: readonly string[], report: string, environment: Record<string, string> = {}): Step {
  return { name, command, node: 'machine', report, environment: { ...environment, COVET_TEST_REPORT: report } }
}
