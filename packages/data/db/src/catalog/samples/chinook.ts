import type { Catalog } from '../types.ts'
import { column, datetime, decimal, index, int, key, nullable, reference, string, table } from './shorthand.ts'

const price = decimal(10, 2)
const id = { kind: 'integer', bits: 64 } as const
const address = [
  nullable('Address', string(70)),
  nullable('City', string(40)),
  nullable('State', string(40)),
  nullable('Country', string(40)),
  nullable('PostalCode', string(10)),
]
const contact = [nullable('Phone', string(24)), nullable('Fax', string(24))]

function to(name: string, columnName: string, target: string, targetColumn: string = columnName): ReturnType<typeof reference> {
  return reference(columnName, target, targetColumn, { name })
}

/** Chinook, the music shop of many a tutorial, after its published structure. */
export const chinook: Catalog = {
  tables: [
    table('Artist', [key('ArtistId'), nullable('Name', string(120))], ['ArtistId']),
    table('Album', [key('AlbumId'), column('Title', string(160)), column('ArtistId', id)], ['AlbumId'], {
      foreignKeys: [to('FK_AlbumArtistId', 'ArtistId', 'Artist')],
      indexes: [index('IFK_AlbumArtistId', ['ArtistId'])],
    }),
    table('Genre', [key('GenreId'), nullable('Name', string(120))], ['GenreId']),
    table('MediaType', [key('MediaTypeId'), nullable('Name', string(120))], ['MediaTypeId']),
    table(
      'Track',
      [
        key('TrackId'),
        column('Name', string(200)),
        nullable('AlbumId', id),
        column('MediaTypeId', id),
        nullable('GenreId', id),
        nullable('Composer', string(220)),
        column('Milliseconds', int),
        nullable('Bytes', int),
        column('UnitPrice', price),
      ],
      ['TrackId'],
      {
        foreignKeys: [
          to('FK_TrackAlbumId', 'AlbumId', 'Album'),
          to('FK_TrackGenreId', 'GenreId', 'Genre'),
          to('FK_TrackMediaTypeId', 'MediaTypeId', 'MediaType'),
        ],
        indexes: [
          index('IFK_TrackAlbumId', ['AlbumId']),
          index('IFK_TrackGenreId', ['GenreId']),
          index('IFK_TrackMediaTypeId', ['MediaTypeId']),
        ],
      },
    ),
    table('Playlist', [key('PlaylistId'), nullable('Name', string(120))], ['PlaylistId']),
    table('PlaylistTrack', [column('PlaylistId', id), column('TrackId', id)], ['PlaylistId', 'TrackId'], {
      foreignKeys: [to('FK_PlaylistTrackPlaylistId', 'PlaylistId', 'Playlist'), to('FK_PlaylistTrackTrackId', 'TrackId', 'Track')],
      indexes: [index('IFK_PlaylistTrackPlaylistId', ['PlaylistId']), index('IFK_PlaylistTrackTrackId', ['TrackId'])],
    }),
    table(
      'Employee',
      [
        key('EmployeeId'),
        column('LastName', string(20)),
        column('FirstName', string(20)),
        nullable('Title', string(30)),
        nullable('ReportsTo', id),
        nullable('BirthDate', datetime),
        nullable('HireDate', datetime),
        ...address,
        ...contact,
        nullable('Email', string(60)),
      ],
      ['EmployeeId'],
      {
        foreignKeys: [to('FK_EmployeeReportsTo', 'ReportsTo', 'Employee', 'EmployeeId')],
        indexes: [index('IFK_EmployeeReportsTo', ['ReportsTo'])],
      },
    ),
    table(
      'Customer',
      [
        key('CustomerId'),
        column('FirstName', string(40)),
        column('LastName', string(20)),
        nullable('Company', string(80)),
        ...address,
        ...contact,
        column('Email', string(60)),
        nullable('SupportRepId', id),
      ],
      ['CustomerId'],
      {
        foreignKeys: [to('FK_CustomerSupportRepId', 'SupportRepId', 'Employee', 'EmployeeId')],
        indexes: [index('IFK_CustomerSupportRepId', ['SupportRepId'])],
      },
    ),
    table(
      'Invoice',
      [
        key('InvoiceId'),
        column('CustomerId', id),
        column('InvoiceDate', datetime),
        ...address.map((part) => ({ ...part, name: `Billing${part.name}` })),
        column('Total', price),
      ],
      ['InvoiceId'],
      { foreignKeys: [to('FK_InvoiceCustomerId', 'CustomerId', 'Customer')], indexes: [index('IFK_InvoiceCustomerId', ['CustomerId'])] },
    ),
    table(
      'InvoiceLine',
      [key('InvoiceLineId'), column('InvoiceId', id), column('TrackId', id), column('UnitPrice', price), column('Quantity', int)],
      ['InvoiceLineId'],
      {
        foreignKeys: [to('FK_InvoiceLineInvoiceId', 'InvoiceId', 'Invoice'), to('FK_InvoiceLineTrackId', 'TrackId', 'Track')],
        indexes: [index('IFK_InvoiceLineInvoiceId', ['InvoiceId']), index('IFK_InvoiceLineTrackId', ['TrackId'])],
      },
    ),
  ],
}
