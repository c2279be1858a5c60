import type { Database } from '@covet/db'
import type { Passwords } from '@covet/password'
import { createArticle } from '../articles/write-articles.ts'
import { User } from '../users/user.ts'
import { demoArticles, demoFollows, demoPassword, demoUsers, type DemoArticle, type DemoUser } from './demo-data.ts'

type Users = Readonly<Record<DemoUser, User>>

export async function writeDemoData(db: Database, passwords: Passwords): Promise<void> {
  const users = await writeUsers(await passwords.hash(demoPassword))
  for (const [follower, followed] of demoFollows) await users[follower].related('following').add(users[followed])
  for (const article of demoArticles) await writeArticle(db, users, article)
}

async function writeUsers(passwordHash: string): Promise<Users> {
  const users = await User.createMany(demoUsers.map((user) => ({ ...user, email: `${user.username}@conduit.test`, passwordHash })))
  return Object.fromEntries(users.map((user) => [user.username, user])) as Users
}

async function writeArticle(db: Database, users: Users, { author, tagList, favoritedBy, comments, ...texts }: DemoArticle): Promise<void> {
  const article = await createArticle(db, users[author], { ...texts, tagList: [...tagList] })
  await article.related('favoritedBy').add(...favoritedBy.map((reader) => users[reader]))
  await article.related('comments').createMany(comments.map(([reader, body]) => ({ body, authorId: users[reader].id })))
}
