/** What a first start shows. The users sign in with `<name>@conduit.test` and {@link demoPassword}. */
export const demoPassword = 'conduit-demo'

export const demoUsers = [
  { username: 'ada', bio: 'Writes about engines that do not exist yet.' },
  { username: 'grace', bio: 'Finds the bug, then keeps it in a logbook.' },
  { username: 'linus', bio: null },
] as const

export type DemoUser = (typeof demoUsers)[number]['username']

/** Who follows whom. */
export const demoFollows: readonly (readonly [follower: DemoUser, followed: DemoUser])[] = [
  ['ada', 'grace'],
  ['grace', 'ada'],
  ['linus', 'ada'],
]

export interface DemoArticle {
  readonly author: DemoUser
  readonly title: string
  readonly description: string
  readonly body: string
  readonly tagList: readonly string[]
  readonly favoritedBy: readonly DemoUser[]
  readonly comments: readonly (readonly [author: DemoUser, body: string])[]
}

/** The oldest first. */
export const demoArticles: readonly DemoArticle[] = [
  {
    author: 'ada',
    title: 'Welcome to Conduit',
    description: 'What this application is, and where to look first.',
    body: 'Conduit is a small publishing site. Register, write, follow, favourite: all of it is a JSON API, documented at /docs.',
    tagList: ['welcome'],
    favoritedBy: ['grace', 'linus'],
    comments: [['grace', "I've read it twice."]],
  },
  {
    author: 'grace',
    title: 'A moth in the relay',
    description: 'On keeping the evidence.',
    body: 'A bug report needs three things: what you did, what you saw, what you expected. Tape optional.',
    tagList: ['debugging', 'history'],
    favoritedBy: ['ada'],
    comments: [],
  },
  {
    author: 'linus',
    title: 'One file, many readers',
    description: 'How a write-ahead log lets readers and a writer share a database.',
    body: 'Readers see the file as it was when they began. The writer appends. Nobody waits for anybody, except writers for each other.',
    tagList: ['databases', 'sqlite'],
    favoritedBy: [],
    comments: [
      ['ada', 'And who copies the log back?'],
      ['linus', 'Whoever closes the door last.'],
    ],
  },
  {
    author: 'ada',
    title: 'Loops, and how to leave them',
    description: 'A note on repeating oneself on purpose.',
    body: 'Decide how a loop ends before you decide what it does.',
    tagList: ['programming'],
    favoritedBy: ['grace'],
    comments: [],
  },
  {
    author: 'grace',
    title: 'Nanoseconds you can hold',
    description: 'Thirty centimetres of wire, handed out in lectures.',
    body: 'Light travels this far in a nanosecond. Now count how many of them your request spends waiting.',
    tagList: ['history', 'performance'],
    favoritedBy: ['ada', 'linus'],
    comments: [['linus', 'I still have mine.']],
  },
  {
    author: 'ada',
    title: 'The API in five requests',
    description: 'Register, write, comment, favourite, read.',
    body: 'POST /api/users, POST /api/articles, POST /api/articles/:slug/comments, POST /api/articles/:slug/favorite, GET /api/articles.',
    tagList: ['api', 'welcome'],
    favoritedBy: ['ada', 'grace', 'linus'],
    comments: [],
  },
]
