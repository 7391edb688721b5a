//go:build race

package stories_test

const race = true
