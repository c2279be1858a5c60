import type { Database } from '@covet/db'
import type { Passwords } from '@covet/password'
import { createArticle } from '../articles/write-articles.ts'
import { addComment } from '../comments/comments.ts'
import { setFavorite } from '../favorites/favorites.ts'
import { setFollowing } from '../profiles/profiles.ts'
import { User } from '../users/user.ts'
import { demoArticles, demoFollows, demoPassword, demoUsers, type DemoArticle, type DemoUser } from './demo-data.ts'

type Users = Readonly<Record<DemoUser, User>>

/** Written by the functions that the API uses, so that it cannot be anything the API would not accept. */
export async function writeDemoData(db: Database, passwords: Passwords): Promise<void> {
  const users = await writeUsers(await passwords.hash(demoPassword))
  for (const [follower, followed] of demoFollows) await setFollowing(users[follower], followed, true)
  for (const article of demoArticles) await writeArticle(db, users, article)
}

async function writeUsers(passwordHash: string): Promise<Users> {
  const users = await User.createMany(demoUsers.map((user) => ({ ...user, email: `${user.username}@conduit.test`, passwordHash })))
  return Object.fromEntries(users.map((user) => [user.username, user])) as Users
}

async function writeArticle(db: Database, users: Users, { author, tagList, favoritedBy, comments, ...texts }: DemoArticle): Promise<void> {
  const slug = await createArticle(db, users[author], { ...texts, tagList: [...tagList] })
  for (const reader of favoritedBy) await setFavorite(db, users[reader], slug, true)
  for (const [reader, body] of comments) await addComment(db, slug, users[reader], body)
}
