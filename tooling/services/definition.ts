/** The servers that tests can ask for. */
export type ServiceName = 'postgres' | 'mariadb' | 'redis' | 'memcached' | 'pgbouncer'

export type PackageManager = 'apt-get' | 'brew' | 'dnf' | 'apk' | 'pacman'

/** Where a private server lives and how it is reached. */
export interface ServerPlan {
  /** Absolute path of one of the definition's `binaries`. */
  binary(name: string): string
  /** A folder of its own, private to the account that the server runs as. */
  folder: string
  port: number
  password: string
  /** The server of the definition's `upstream`, with an account that may create databases. */
  upstream?: string
  /** Runs a program to its end as the server's account, in `folder`. Throws with its output when it fails. */
  prepare(command: string, args: readonly string[]): Promise<void>
  /** Writes a file only the server's account can read, and answers its path. */
  write(name: string, content: string): string
}

/** Something clean that no other test sees. */
export interface CleanSpace {
  /** Unique; for key prefixes, channels and file names. Redis databases share their channels, memcached shares all. */
  name: string
  url: string
  /** Removes it. */
  drop(): Promise<void>
}

/** One kind of server: how to find it, start a private one, and get a clean space from any. */
export interface ServiceDefinition {
  name: ServiceName
  title: string
  /** The oldest version the tests accept. */
  version: readonly [major: number, minor: number]
  /** Variables that name a server to use instead of a private one, the first that is set wins. */
  environment: readonly string[]
  /** The server first (its `--version` is read), then what preparing and asking it takes. */
  binaries: readonly string[]
  /** Folders besides PATH where installations put them; `*` stands for any name. */
  folders: readonly string[]
  packages: Record<PackageManager, string>
  /** The service a private server stands in front of, started before it. */
  upstream?: ServiceName
  /** Prepares the folder and answers the command line of the server. */
  command(plan: ServerPlan): Promise<readonly string[]>
  /** The signal that ends the server quickly; its data is thrown away. */
  stopSignal: NodeJS.Signals
  url(port: number, password: string): string
  /** Settles when the server answers a question, rejects when it does not. `client` is the path of the binary of that name. */
  ask(url: string, client?: string): Promise<void>
  open(url: string, client?: string): Promise<CleanSpace>
  /** The binary that `ask` and `open` call, where they need one. */
  client?: string
}
