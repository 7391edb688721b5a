package count

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/scripts/internal/cost"
)

// longest is the longest that reading one log group may take.
const longest = time.Minute

// Reported returns the mean duration of the invocations of each function since a time, in milliseconds, from the REPORT
// lines in their log groups. The group of a function ends with the prefix of all names and its service's name. Functions
// without invocations are left out.
func Reported(ctx context.Context, client *cloudwatchlogs.Client, groups []string, prefix string, since time.Time) (map[string]float64, error) {
	means := map[string]float64{}
	for _, group := range groups {
		_, service, function := strings.Cut(group, "/"+prefix+"-")
		if !function {
			continue // of a worker
		}
		mean, err := reportedOf(ctx, client, group, since)
		if err != nil {
			return nil, fmt.Errorf("read the reports of %s: %w", service, err)
		}
		if mean > 0 {
			means[service] = mean
		}
	}
	return means, nil
}

func reportedOf(ctx context.Context, client *cloudwatchlogs.Client, group string, since time.Time) (mean float64, err error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &group, StartTime: aws.Int64(since.UnixMilli()), FilterPattern: aws.String("REPORT"),
	})
	var sum, n float64
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, err
		}
		for _, event := range page.Events {
			if found := report.FindStringSubmatch(aws.ToString(event.Message)); found != nil {
				ms, _ := strconv.ParseFloat(found[1], 64) // it is a number, as the expression says
				sum, n = sum+ms, n+1
			}
		}
	}
	if n == 0 {
		return 0, nil
	}
	return sum / n, nil
}

// Replace replaces the durations of functions that were measured locally by reported ones, which contain the network. It
// returns the functions for which there is none.
func Replace(flows []cost.Flow, reported map[string]float64) (missing []string) {
	lacking := map[string]bool{}
	for _, flow := range flows {
		for name, used := range flow.Usage.Services {
			mean, known := reported[name]
			switch {
			case !used.Function:
			case known:
				used.InvocationMS, used.Measured = mean*used.Invocations, true
			case !lacking[name]:
				lacking[name] = true
				missing = append(missing, name)
			}
		}
	}
	return missing
}
