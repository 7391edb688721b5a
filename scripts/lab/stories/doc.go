// Package stories plays the observatory, which is a system of the fixtures, with its real binaries: its stories, and what
// operators do when something went wrong. It proves that machinery serves a system which it does not know.
//
// The tests share a system that runs in a local cloud; those that break things have one each. Nothing sleeps.
//
//	TROUPE_ENDPOINT=http://… go test ./stories
//
// plays at any other AWS-compatible endpoint, with services as workers.
package stories
