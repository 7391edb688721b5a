// Package drawing draws executions and the map of a troupe as SVG.
//
// The server draws, so that the page, exported files and pictures in documents are identical, and layout can be
// tested without a browser. A style sheet sets colours and fonts: the page links it, and an exported file includes
// it. A drawing in the page contains links, so its parts can be reached by keyboard and have addresses.
package drawing

import _ "embed"

// Style is the style sheet of all drawings, for light and dark.
//
//go:embed drawing.css
var Style string
