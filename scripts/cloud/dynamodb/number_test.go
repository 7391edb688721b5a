package dynamodb_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestNumbers(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "n:N")
	const numeric = invalid + "The parameter cannot be converted to a numeric value: "
	overflow := invalid + "Number overflow. Attempting to store a number with magnitude larger than supported range"
	underflow := invalid + "Number underflow. Attempting to store a number with magnitude smaller than supported range"
	precision := invalid + "Attempting to store more than 38 significant digits in a Number"
	for _, test := range []struct{ in, out, failure string }{
		{"3", "3", ""}, {"-7.1234", "-7.1234", ""}, {"-17e2", "-1700", ""}, {"+3", "3", ""}, {".123", "0.123", ""}, {"0001.230", "1.23", ""}, {"1E+5", "100000", ""}, {"5.", "5", ""},
		{"0e1000", "0", ""}, {"-0", "0", ""}, {"0.0000", "0", ""}, {"12345678901234567890123456789012345678", "12345678901234567890123456789012345678", ""},
		{"3.1415926535897932384626433832795028841", "3.1415926535897932384626433832795028841", ""}, {"1234567890123456789012345678901234567800000", "1234567890123456789012345678901234567800000", ""},
		{"1e-130", "0." + strings.Repeat("0", 129) + "1", ""}, {"9.9e125", "99" + strings.Repeat("0", 124), ""}, {"0.0000000000000000000000000000000000000000001e43", "1", ""},
		{"1e126", "", overflow}, {"-11e125", "", overflow}, {"1e100000000", "", overflow}, {"1e99999999999999999999", "", overflow}, {"1e-131", "", underflow}, {"0.9e-130", "", underflow}, {"1e-99999999999999999999", "", underflow},
		{"314159265358979323846264338327950288419e30", "", precision}, {"NaN", "", numeric + "NaN"}, {"Infinity", "", numeric + "Infinity"}, {"dog", "", numeric + "dog"}, {" 1", "", numeric + " 1"}, {"1 ", "", numeric + "1 "},
		{"--1", "", numeric + "--1"}, {"1e", "", numeric + "1e"}, {"1e1.5", "", numeric + "1e1.5"}, {"1e+-5", "", numeric + "1e+-5"}, {"1.2.3", "", numeric + "1.2.3"}, {".", "", numeric + "."}, {"1_0", "", numeric + "1_0"}, {"0x1", "", numeric + "0x1"}, {"", "", invalid + "The parameter cannot be converted to a numeric value"},
	} {
		_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"n": num(test.in)})})
		wantFailure(t, err, test.failure)
		if err != nil {
			continue
		}
		out := must[*sdk.GetItemOutput](t)(c.GetItem(t.Context(), &sdk.GetItemInput{TableName: text("things"), Key: item(plain{"n": num(test.out)})}))
		if n, ok := out.Item["n"].(*types.AttributeValueMemberN); !ok || n.Value != test.out {
			t.Errorf("%s was returned as %v, want %s", test.in, out.Item["n"], test.out)
		}
	}
}
