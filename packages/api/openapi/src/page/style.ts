/** The style of the page. */
export const style: string = `:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #2563c9; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1 small, h4 small, dd small { font-weight: normal; opacity: .7; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2rem; }
a { color: var(--accent); }
code, pre, textarea { font-family: ui-monospace, monospace; font-size: .875rem; }
pre { background: var(--soft); padding: .5rem .75rem; border-radius: .375rem; overflow-x: auto; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid var(--line); }
input, textarea { width: 100%; padding: .25rem .375rem; }
button { padding: .25rem 1rem; margin: .5rem 0; }
dt { font-weight: bold; }
dd { margin: 0 0 .5rem 1rem; }
.tools { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.operation { border: 1px solid var(--line); border-radius: .375rem; margin: .5rem 0; padding: 0 .75rem; }
.operation summary { cursor: pointer; padding: .5rem 0; }
.method { display: inline-block; min-width: 4.5rem; color: var(--accent); }
.method.delete { color: #c2342f; }
.method.post { color: #22803c; }
.lock { float: right; font-size: .875rem; opacity: .7; }
.lock::before { content: "auth: "; }
[hidden] { display: none; }
`
