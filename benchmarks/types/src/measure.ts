import { execFile } from 'node:child_process'

export interface Cost {
  /** Seconds of CPU, user and system, of the compiler and all it starts. */
  cpu: number
  instantiations: number
  types: number
  /** Bytes the compiler says it used. */
  memory: number
}

const mebi = 1_048_576
const kibi = 1_024

/** Type-checks the project once. @throws with the compiler's output when it finds an error */
export async function compile(program: string, folder: string): Promise<Cost> {
  // The shell's own `times` is the one portable way to the CPU time of children's children.
  const script = '"$@"; code=$?; times >&2; exit $code'
  const args = ['-c', script, 'sh', process.execPath, program, '-p', folder, '--extendedDiagnostics', '--pretty', 'false']
  const { code, stdout, stderr } = await run('sh', args)
  if (code !== 0) throw new Error(`${program} found errors in ${folder}:\n${errorsOf(stdout)}`)
  return { cpu: parseTimes(stderr), ...parseDiagnostics(stdout) }
}

function run(command: string, args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { maxBuffer: 64 * mebi, env: { ...process.env, LC_ALL: 'C' } }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

function errorsOf(output: string): string {
  const errors = output.split('\n').filter((line) => line.includes('error TS'))
  return [...errors.slice(0, 10), ...(errors.length > 10 ? [`… and ${errors.length - 10} more`] : [])].join('\n') || output
}

/** The second line of `times`: user and system time of the children, as in `0m1.230s 0m0.110s`. */
export function parseTimes(output: string): number {
  const lines = [...output.matchAll(/(\d+)m([\d.]+)s\s+(\d+)m([\d.]+)s/g)]
  const [, userMinutes, user, systemMinutes, system] = lines[1] ?? []
  if (system === undefined) throw new Error(`The shell's times were not understood: ${output}`)
  return (Number(userMinutes) + Number(systemMinutes)) * 60 + Number(user) + Number(system)
}

export function parseDiagnostics(output: string): Omit<Cost, 'cpu'> {
  const figure = (name: string): number => {
    const found = new RegExp(`^${name}:\\s+([\\d,.]+)(K|M)?`, 'm').exec(output)
    if (!found) throw new Error(`The compiler printed no '${name}':\n${output}`)
    const unit = { K: kibi, M: mebi }[found[2] ?? ''] ?? 1
    return Number(found[1]?.replaceAll(',', '')) * unit
  }
  return { instantiations: figure('Instantiations'), types: figure('Types'), memory: figure('Memory used') }
}
