// Package tour holds the local cloud against clients that others wrote.
//
// A story (testdata/*.tour) is a list of calls, one line each, and what comes of them. Every client takes every
// story in a cloud of its own: the Go SDK in make test, and in make test-clients also the AWS CLI and boto3 of Debian, which
// speak the query protocol to SQS, and the JavaScript SDK. Each has to get what the story says, and all that the Go SDK
// got besides, ids and times apart; where an error is expected, each has to raise the exception that its own model
// knows. These are stated as follows:
//
//	sqs SendMessage {"QueueUrl": "${url}/jobs", "MessageBody": "a"}   # a call; lines that are indented belong to it
//	= {"MD5OfMessageBody": "0cc175b9c0f1b6a831c399e269772661"}        # has these members; "*" is any value
//	> first MessageId                                                 # ${first} is this member from now on
//	! QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue       # fails with the exception, or else the code
//	says The specified queue                                          # in these words, among others
//	until logs FilterLogEvents {…}                                    # is called until it has the members that follow
//	today sqs StartMessageMoveTask {…}                                # is not known to Debian's clients, of 2023
//
// What stands in recorded.tour is so on AWS by the recordings of a public emulator's tests (LocalStack's
// tests/aws/services/**.snapshot.json); the comments there name the test that each was recorded for.
//
// Members are named as in AWS's models. {"$bytes": "…"} is binary in base64, and {"$time": "…"} a time.
package tour
