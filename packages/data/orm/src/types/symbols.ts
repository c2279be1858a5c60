/** Keys of what only the compiler sees. There are no such properties at run time. */

/** On an instance: the shape its model was declared with. */
export declare const SHAPE: unique symbol
/** On an instance: the properties of the primary key, where the options name them. */
export declare const KEY: unique symbol
/** On an expression: the type of its value. */
export declare const VALUE: unique symbol
/** On an expression: what it is computed over. */
export declare const LEVEL: unique symbol
/** On a query of one column: the type of that column. */
export declare const COLUMN: unique symbol
