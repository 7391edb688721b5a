// Package stories holds the stories: what customers and operators see of the troupe,
// told as text (testdata/*.txtar) and played with the real binaries.
//
// One troupe plays all stories of a run side by side; each story has orders of its
// own. Nothing sleeps: state and saw wait until what they say is true, and settle waits until no
// message is unhandled. By themselves they run in a local cloud;
//
//	TROUPE_ENDPOINT=http://… go test ./scripts/stories
//
// plays them at any other AWS-compatible endpoint, with services as workers. The
// verbs are in verbs_test.go.
package stories
