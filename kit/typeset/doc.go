// Package typeset makes PDFs: it speaks to Typst, a typesetter that shapes every script HM writes, through one child
// process of node.
//
// The child starts with the first document, takes one after the other over its standard input and output, and ends
// with the server. One that crashes, hangs or grows too large is replaced by the next document. It knows nothing of the
// installation: no environment, no secret, no folder but that of the typesetter and its fonts.
//
// A document is a Template, which is code and belongs to the binary, and its data, which never becomes code: data
// reaches the template as a JSON file that only exists in the child's memory.
//
// Where node or the packages are missing Render answers ErrMissing, and everything else goes on.
package typeset
