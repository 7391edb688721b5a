// Package browsertest tests the console in a real browser; make test-console runs it.
//
// The tests need Chromium, so they have the build tag browser and are not part of make test. They check what a user
// sees and does on the pages of a running troupe, the observatory of package fixture: in light and dark, at two
// widths, by mouse and by keyboard.
package browsertest
