type Row = Readonly<Record<string, string | number | null>>

/** A few rows of Chinook, table by table in an order that satisfies its foreign keys. Money is text, instants are ISO 8601. */
export const chinookRows: readonly (readonly [table: string, rows: readonly Row[]])[] = [
  [
    'Artist',
    [
      { ArtistId: 1, Name: 'AC/DC' },
      { ArtistId: 2, Name: 'Accept' },
      { ArtistId: 3, Name: 'Aerosmith' },
    ],
  ],
  [
    'Album',
    [
      { AlbumId: 1, Title: 'For Those About To Rock We Salute You', ArtistId: 1 },
      { AlbumId: 2, Title: 'Balls to the Wall', ArtistId: 2 },
      { AlbumId: 3, Title: 'Restless and Wild', ArtistId: 2 },
    ],
  ],
  [
    'Genre',
    [
      { GenreId: 1, Name: 'Rock' },
      { GenreId: 2, Name: 'Jazz' },
    ],
  ],
  ['MediaType', [{ MediaTypeId: 1, Name: 'MPEG audio file' }]],
  [
    'Track',
    [
      track(1, 'For Those About To Rock (We Salute You)', 1, 343_719),
      track(2, 'Balls to the Wall', 2, 342_562),
      track(3, 'Fast As a Shark', 3, 230_619),
      track(4, 'Restless and Wild', 3, 252_051),
    ],
  ],
  [
    'Playlist',
    [
      { PlaylistId: 1, Name: 'Music' },
      { PlaylistId: 2, Name: 'Movies' },
    ],
  ],
  [
    'PlaylistTrack',
    [
      { PlaylistId: 1, TrackId: 1 },
      { PlaylistId: 1, TrackId: 3 },
      { PlaylistId: 2, TrackId: 3 },
    ],
  ],
  [
    'Employee',
    [
      {
        EmployeeId: 1,
        LastName: 'Adams',
        FirstName: 'Andrew',
        Title: 'General Manager',
        ReportsTo: null,
        HireDate: '2002-08-14T00:00:00.000Z',
      },
      {
        EmployeeId: 2,
        LastName: 'Edwards',
        FirstName: 'Nancy',
        Title: 'Sales Manager',
        ReportsTo: 1,
        HireDate: '2002-05-01T00:00:00.000Z',
      },
    ],
  ],
  [
    'Customer',
    [{ CustomerId: 1, FirstName: 'Luís', LastName: 'Gonçalves', Country: 'Brazil', Email: 'luisg@example.com', SupportRepId: 2 }],
  ],
  ['Invoice', [{ InvoiceId: 1, CustomerId: 1, InvoiceDate: '2009-01-01T00:00:00.000Z', BillingCountry: 'Brazil', Total: '1.98' }]],
  [
    'InvoiceLine',
    [
      { InvoiceLineId: 1, InvoiceId: 1, TrackId: 2, UnitPrice: '0.99', Quantity: 1 },
      { InvoiceLineId: 2, InvoiceId: 1, TrackId: 4, UnitPrice: '0.99', Quantity: 1 },
    ],
  ],
]

function track(TrackId: number, Name: string, AlbumId: number, Milliseconds: number): Row {
  return { TrackId, Name, AlbumId, MediaTypeId: 1, GenreId: 1, Milliseconds, UnitPrice: '0.99' }
}
