import type { Database } from '@covet/db'
import type { Passwords } from '@covet/password'
import { createArticle } from '../articles/write-articles.ts'
import { addComment } from '../comments/comments.ts'
import { favorite } from '../favorites/favorites.ts'
import { follow } from '../profiles/profiles.ts'
import { createUser, updateUser } from '../users/users.ts'
import { demoArticles, demoFollows, demoPassword, demoUsers, type DemoArticle, type DemoUser } from './demo-data.ts'

type Ids = Readonly<Record<DemoUser, number>>

/** Written by the functions that the API uses, so that it cannot be anything the API would not accept. */
export async function writeDemoData(db: Database, passwords: Passwords): Promise<void> {
  const ids = await writeUsers(db, await passwords.hash(demoPassword))
  for (const [follower, followed] of demoFollows) await follow(db, ids[follower], followed)
  for (const article of demoArticles) await writeArticle(db, ids, article)
}

async function writeUsers(db: Database, passwordHash: string): Promise<Ids> {
  const ids: Record<string, number> = {}
  for (const { username, bio } of demoUsers) {
    const { id } = await createUser(db, { username, email: `${username}@conduit.test`, passwordHash })
    ids[username] = (await updateUser(db, id, { bio })).id
  }
  return ids as Ids
}

async function writeArticle(db: Database, ids: Ids, { author, tagList, favoritedBy, comments, ...texts }: DemoArticle): Promise<void> {
  const slug = await createArticle(db, ids[author], { ...texts, tagList: [...tagList] })
  for (const reader of favoritedBy) await favorite(db, ids[reader], slug)
  for (const [reader, body] of comments) await addComment(db, slug, ids[reader], body)
}
