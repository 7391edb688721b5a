package bus

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// rejected returns the result of an entry that was refused with a code. A fault is the service's own and transient.
func rejected(code string, message *string, fault bool) result {
	return result{
		err:       &RejectedError{Code: code, Message: aws.ToString(message)},
		transient: fault || throttles(code),
	}
}

// throttles reports whether a code means throttling. The SDK's list lacks the codes of SNS, and of SQS and SNS for
// KMS: Throttled, KmsThrottled, KMSThrottling.
func throttles(code string) bool {
	_, listed := retry.DefaultThrottleErrorCodes[code]
	return listed || strings.Contains(code, "Throttl")
}

// byID contains the results of a call whose entries have their index as ID.
type byID []result

func (results byID) set(id *string, r result) {
	if i, err := strconv.Atoi(aws.ToString(id)); err == nil && i >= 0 && i < len(results) {
		results[i] = r
	}
}
