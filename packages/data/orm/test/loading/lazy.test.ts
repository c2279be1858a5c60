import { expect, it } from '@jest/globals'
import { belongsTo, errors, f, hasMany, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'
import { Comment, fillModels, models, Post, Tag, User } from './models.ts'

class Author extends Model('authors', { id: f.id(), name: f.string(), books: hasMany(() => Book) }, { lazy: 'raise' }) {}
class Book extends Model('books', { id: f.id(), title: f.string(), author: belongsTo(() => Author) }, { lazy: 'one' }) {}

onEachEngine('load()', (open) => {
  it('loads for all instances of the result that lack it, in one query (ORM-8)', async () => {
    await using at = await open(models)
    const user = await User.create({ name: 'writer' })
    await Post.createMany(Array.from({ length: 100 }, (_, index) => ({ title: `${index}`, authorId: user.id })))
    const posts = await Post.query()
    at.clear()
    const names: string[] = []
    for (const post of posts) names.push((await post.load('author')).author.name)
    expect(names).toEqual(Array.from({ length: 100 }, () => 'writer'))
    expect(at.statements).toHaveLength(1)
  })

  it('loads for the rows of a relation as for those of a query (ORM-8)', async () => {
    await using at = await open(models)
    await fillModels()
    const users = await User.with('posts').orderBy('id')
    at.clear()
    const counts: number[] = []
    for (const user of users) for (const post of user.posts) counts.push((await post.load('comments', 'author')).comments.length)
    expect(counts).toEqual([2, 0, 0, 1, 0, 0, 0, 0])
    expect(at.statements).toHaveLength(2)
  })

  it('loads for many rows of a relation as long as the rows they belong to are held', async () => {
    await using at = await open(models)
    const [one, two] = (await User.createMany([{ name: 'one' }, { name: 'two' }])) as [User, User]
    await Post.createMany(Array.from({ length: 600 }, (_, index) => ({ title: `${index}`, authorId: index % 2 === 0 ? one.id : two.id })))
    const users = await User.with('posts', 'tags').orderBy('id')
    at.clear()
    for (const user of users) for (const post of user.posts) await post.load('editor', 'comments')
    expect(at.statements).toHaveLength(1)
    const alone = await User.where('id', one.id).with('posts').get()
    at.clear()
    for (const post of alone.posts) await post.load('comments')
    expect(at.statements).toHaveLength(1)
  })

  it('adds what a path lacks below what is loaded', async () => {
    await using at = await open(models)
    const { ann } = await fillModels()
    const read = await User.where('id', ann.id).with('posts').get()
    const { posts } = read
    const user: User = read
    at.clear()
    const loaded = await user.load('posts.comments.author')
    expect(at.statements.length).toBeLessThanOrEqual(2)
    expect(loaded).toBe(user)
    expect(loaded.posts).toBe(posts)
    expect(loaded.posts.flatMap(({ comments }) => comments.map(({ author }) => author.name))).toEqual(['Bob', 'Cy'])
    at.clear()
    await user.load('posts.comments')
    expect(at.statements).toHaveLength(0)
  })

  it('reads anew what it is given a query for', async () => {
    await using _ = await open(models)
    await fillModels()
    const [ann, bob] = (await User.with('posts').orderBy('id').limit(2)) as [User & { posts: Post[] }, User & { posts: Post[] }]
    const few = await ann.load({ posts: (q) => q.where('views', '>', 4).orderBy('views') })
    expect(few.posts.map(({ views }) => views)).toEqual([5, 9])
    expect(bob.posts).toHaveLength(5)
  })

  it('gives what it is given a query for to the instance that asked, and to no other (ORM-8)', async () => {
    await using _ = await open(models)
    await fillModels()
    const [ann, bob] = (await User.query().orderBy('id').limit(2)) as [User, User]
    const few = await ann.load({ posts: (q) => q.where('views', '>', 5).with('comments'), tags: true })
    expect(few.posts.map(({ views, comments }) => [views, comments.length])).toEqual([[9, 0]])
    expect(Object.hasOwn(bob, 'tags')).toBe(true)
    expect(() => (bob as User & { posts: unknown }).posts).toThrow(errors.RelationNotLoaded)
    expect((await bob.load('posts')).posts).toHaveLength(5)
    expect(few.posts).toHaveLength(1)
    expect((await ann.load({ posts: (q) => q })).posts).toHaveLength(3)
  })

  it('follows a key that was set since, and one of a row that was created', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const post = await Post.create({ title: 'new', authorId: ann.id })
    expect((await post.load('author')).author.name).toBe('Ann')
    const comment = await Comment.create({ body: 'new', postId: post.id, authorId: ann.id })
    comment.authorId = bob.id
    expect((await comment.load('author')).author.name).toBe('Bob')
    expect((await ann.load('tags')).tags).toEqual([])
  })

  it('says how to load what is not, and refuses what is no relation', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    expect(() => (ann as unknown as { posts: unknown }).posts).toThrow(
      "User.posts is not loaded: use .with('posts'), await instance.load('posts') or instance.related('posts').",
    )
    await expect((ann as unknown as { load(name: string): Promise<unknown> }).load('nothing')).rejects.toThrow(errors.UnknownRelationError)
    await expect((ann as unknown as { load(): Promise<unknown> }).load()).rejects.toThrow(errors.InvalidQueryError)
    expect(await Tag.query()).toEqual([])
  })

  it("sends a query for each where the model says lazy: 'one', and none where it says 'raise' (ORM-8)", async () => {
    await using at = await open([Author, Book])
    const author = await Author.create({ name: 'a' })
    await Book.createMany([1, 2, 3].map((n) => ({ title: `${n}`, authorId: author.id })))
    const books = await Book.query()
    at.clear()
    for (const book of books) await book.load('author')
    expect(at.statements).toHaveLength(3)
    const [first] = await Author.query()
    await expect(first!.load('books')).rejects.toThrow(errors.LazyLoadingRefused)
    const [eager] = await Author.with('books')
    at.clear()
    expect((await eager!.load('books')).books).toHaveLength(3)
    expect(at.statements).toHaveLength(0)
  })
})
