package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/personal"
)

// mostLines is the maximum number of lines that are counted in a log group.
const mostLines = 10_000

// archived is what is known about the archive. It can't be searched.
type archived struct {
	There bool `json:"there"`
	Days  int  `json:"days"` // for which it keeps an event; 0 means for ever
}

// logged is a log group in which lines mention the subject.
type logged struct {
	Group  string    `json:"group"`
	Lines  int       `json:"lines"`
	More   bool      `json:"more"`            // there are more than were counted
	Newest time.Time `json:"newest,omitzero"` // of the lines
	Days   int       `json:"days"`            // for which the group keeps a line; 0 means for ever
}

// lookAtArchive asks for how long the archive keeps events.
func (e *eraser) lookAtArchive(ctx context.Context) error {
	e.step("looking at the archive")
	held, err := archive.Of(e.at).Held(ctx)
	if _, none := errors.AsType[*archive.NoArchiveError](err); none {
		return nil
	}
	if err != nil {
		return err
	}
	e.report.Archive = archived{There: true, Days: int(aws.ToInt32(held.RetentionDays))}
	return nil
}

// lookAtLogs counts the lines of each log group that mention the subject.
func (e *eraser) lookAtLogs(ctx context.Context, client *cloudwatchlogs.Client) error {
	e.report.Logs = []logged{}
	for _, name := range e.at.LogGroups {
		e.step("looking at the log group %s", name)
		found, err := e.count(ctx, client, name)
		if _, missing := errors.AsType[*logtypes.ResourceNotFoundException](err); missing {
			continue // its service hasn't logged
		}
		if err != nil {
			return fmt.Errorf("search the log group %s: %w", name, err)
		}
		if found.Lines == 0 {
			continue
		}
		groups, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &name})
		if err != nil {
			return fmt.Errorf("look at the log group %s: %w", name, err)
		}
		for _, g := range groups.LogGroups {
			if aws.ToString(g.LogGroupName) == name {
				found.Days = int(aws.ToInt32(g.RetentionInDays))
			}
		}
		e.report.Logs = append(e.report.Logs, found)
	}
	return nil
}

func (e *eraser) count(ctx context.Context, client *cloudwatchlogs.Client, name string) (logged, error) {
	found := logged{Group: name}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &name, FilterPattern: aws.String(phrase(e.subject)),
	})
	for pages.HasMorePages() && !found.More {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found, err
		}
		for _, line := range page.Events {
			if !personal.Mentions(aws.ToString(line.Message), e.subject) {
				continue
			}
			if found.Lines++; found.Lines == mostLines {
				found.More = true
				break
			}
			if at := time.UnixMilli(aws.ToInt64(line.Timestamp)).UTC(); at.After(found.Newest) {
				found.Newest = at
			}
		}
	}
	return found, nil
}

// phrase returns a filter pattern that matches lines with a text.
func phrase(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
