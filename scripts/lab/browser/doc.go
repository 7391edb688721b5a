// Package browsertest holds the tests of the console in a real browser; make test-console runs them.
//
// They need Chromium, so that they stand behind the build tag browser, and make test does without. Each looks at what a
// person sees and does: pages of a troupe that runs, which is the observatory of package fixture, in light and dark, at two
// widths, by pointer and by keyboard.
package browsertest
