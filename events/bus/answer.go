package bus

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// rejected is the result of an entry that was refused with a code; a fault is the
// service's own, and passes.
func rejected(code string, message *string, fault bool) result {
	return result{
		err:       &RejectedError{Code: code, Message: aws.ToString(message)},
		transient: fault || throttles(code),
	}
}

// throttles tells whether a code means "too fast". The SDK's list lacks what SNS, and SQS
// and SNS on behalf of KMS, say: Throttled, KmsThrottled, KMSThrottling.
func throttles(code string) bool {
	_, listed := retry.DefaultThrottleErrorCodes[code]
	return listed || strings.Contains(code, "Throttl")
}

// byID is the results of a call whose entries bear their position as id.
type byID []result

func (results byID) set(id *string, r result) {
	if i, err := strconv.Atoi(aws.ToString(id)); err == nil && i >= 0 && i < len(results) {
		results[i] = r
	}
}
