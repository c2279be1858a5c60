export const userColumns = 'id, email, name, role, age, city, bio, score, logins, country'
export const postColumns = 'id, author_id, title, body, views, rating'
export const noteColumns = 'author_id, title, body, views'
