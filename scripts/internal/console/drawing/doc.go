// Package drawing draws executions and the map of a troupe as SVG.
//
// The server draws, so that the page, an exported file and a picture in a document are one and the same,
// and so that layout is tested without a browser. Colours and type are left to a style sheet: the page
// has it beside the drawing, an exported file inside. A drawing in the page holds links, which makes its
// parts reachable by keyboard and gives each an address.
package drawing

import _ "embed"

// Style is the style sheet of all drawings, for light and dark.
//
//go:embed drawing.css
var Style string
