// Package tour checks the local cloud with clients that others have written.
//
// A story (testdata/*.tour) is a list of calls, one per line, with their expected results. Every client runs every
// story in a new cloud: the Go SDK in make test, and in make test-clients also Debian's AWS CLI and boto3, which use
// SQS's query protocol, and the JavaScript SDK. Each must get what the story expects, and everything that the Go SDK
// got besides, except for ids and times. If an error is expected, each must raise the exception of its own model. A
// story looks like this:
//
//	sqs SendMessage {"QueueUrl": "${url}/jobs", "MessageBody": "a"}   # a call; indented lines belong to it
//	= {"MD5OfMessageBody": "0cc175b9c0f1b6a831c399e269772661"}        # has these members; "*" is any value
//	> first MessageId                                                 # sets ${first} to this member
//	! QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue       # fails with this exception, or else this code
//	says The specified queue                                          # the message contains this
//	until logs FilterLogEvents {…}                                    # is repeated until it has the expected members
//	today sqs StartMessageMoveTask {…}                                # is unknown to Debian's clients, of 2023
//
// The stories in recorded.tour hold on AWS, according to recordings of a public emulator's tests (LocalStack's
// tests/aws/services/**.snapshot.json). Comments there name the test that each was recorded for.
//
// Members are named as in AWS's models. {"$bytes": "…"} is binary data in base64, and {"$time": "…"} a time.
package tour
