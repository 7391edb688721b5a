//go:build race

package stories_test

// race: services are built as their tests are.
const race = true
