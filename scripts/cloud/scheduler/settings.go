package scheduler

import (
	"cmp"
	"time"
	_ "time/tzdata" // so that every machine knows the same time zones

	"example.com/localcloud/scheduler/expression"
	"example.com/localcloud/wire"
)

// precision is how much later than its time AWS may invoke a target (user guide, "Schedule types").
const precision = time.Minute

// newSchedule validates an input and sets the defaults that AWS returns.
func (s *Service) newSchedule(in *ScheduleInput) (*schedule, error) {
	settings := in.Settings
	settings.setDefaults()
	now := time.Now().UTC()
	made := &schedule{anchor: now.Truncate(time.Second), Schedule: Schedule{
		Arn: scheduleARN(in.GroupName, in.Name), Name: in.Name, CreationDate: wire.Seconds(now), LastModificationDate: wire.Seconds(now), Settings: settings,
	}}
	err := cmp.Or(checkName("name", in.Name), checkToken(in.ClientToken), settings.check())
	if err == nil {
		err = made.parse()
	}
	if err == nil {
		err = settings.checkDates(made.when.Once(), now)
	}
	if err == nil {
		err = settings.Target.check()
	}
	if err == nil {
		_, err = s.assume(made.GroupName, made.Name, settings.Target.RoleArn)
	}
	return made, err
}

func (d *Settings) setDefaults() {
	d.GroupName = cmp.Or(d.GroupName, defaultGroup)
	d.ScheduleExpressionTimezone = cmp.Or(d.ScheduleExpressionTimezone, "UTC")
	d.State = cmp.Or(d.State, enabled)
	d.ActionAfterCompletion = cmp.Or(d.ActionAfterCompletion, keepDone)
	retries, age := maxRetries, maxAge
	if d.Target.RetryPolicy == nil {
		d.Target.RetryPolicy = &RetryPolicy{}
	}
	d.Target.RetryPolicy = &RetryPolicy{
		MaximumRetryAttempts:     cmp.Or(d.Target.RetryPolicy.MaximumRetryAttempts, &retries),
		MaximumEventAgeInSeconds: cmp.Or(d.Target.RetryPolicy.MaximumEventAgeInSeconds, &age),
	}
}

// check validates the settings that stand alone.
func (d *Settings) check() error {
	return cmp.Or(
		checkName("groupName", d.GroupName),
		checkText("scheduleExpression", d.ScheduleExpression, 1, 256, nil),
		checkText("scheduleExpressionTimezone", d.ScheduleExpressionTimezone, 1, 50, nil),
		checkText("description", d.Description, 0, 512, nil),
		checkEnum("state", d.State, enabled, disabled),
		checkEnum("actionAfterCompletion", d.ActionAfterCompletion, keepDone, remove),
		d.FlexibleTimeWindow.check(),
	)
}

func (w FlexibleTimeWindow) check() error {
	if err := checkEnum("flexibleTimeWindow.mode", w.Mode, off, flexible); err != nil {
		return err
	}
	if w.Mode == off && w.MaximumWindowInMinutes != nil {
		return validation("MaximumWindowInMinutes must not be set when FlexibleTimeWindow.Mode is OFF.")
	}
	if w.Mode == flexible && w.MaximumWindowInMinutes == nil {
		return validation("MaximumWindowInMinutes must be set when FlexibleTimeWindow.Mode is FLEXIBLE.")
	}
	return checkRange("flexibleTimeWindow.maximumWindowInMinutes", w.MaximumWindowInMinutes, 1, 1440)
}

// oldestStart is how long ago a StartDate may be. Source: the message below, as in public reports of AWS's responses.
const oldestStart = 5 * time.Minute

// checkDates validates the dates of a recurring schedule. AWS ignores those of at(…) (API reference, CreateSchedule).
func (d *Settings) checkDates(once bool, now time.Time) error {
	if once {
		return nil
	}
	if d.StartDate != nil && time.Time(*d.StartDate).Before(now.Add(-oldestStart)) {
		return validation("The StartDate you specify cannot be earlier than 5 minutes ago.")
	}
	if d.EndDate != nil && !time.Time(*d.EndDate).After(now) {
		return validation("The EndDate you specify must be in the future.")
	}
	if d.StartDate != nil && d.EndDate != nil && !time.Time(*d.EndDate).After(time.Time(*d.StartDate)) {
		return validation("The EndDate you specify must be later than the StartDate.")
	}
	return nil
}

// parse reads the schedule's expression. Source of the message: LocalStack's recordings, see package expression.
func (d *schedule) parse() error {
	zone, err := time.LoadLocation(d.ScheduleExpressionTimezone)
	if err != nil || zone == time.Local {
		return validation("Invalid Schedule Expression Timezone %s.", d.ScheduleExpressionTimezone)
	}
	var valid bool
	if d.when, valid = expression.Parse(d.ScheduleExpression, zone); !valid {
		return validation("Invalid Schedule Expression %s.", d.ScheduleExpression)
	}
	if d.StartDate != nil {
		d.anchor = time.Time(*d.StartDate).UTC()
	}
	return nil
}

// first returns the first time of a schedule that has just been saved. A rate without a StartDate starts at once.
func (d *schedule) first() time.Time {
	now := time.Now()
	switch {
	case d.when.Once():
		return d.after(now.Add(-precision))
	case d.when.Periodic() && d.StartDate == nil:
		return d.after(d.anchor.Add(-1))
	}
	return d.after(now)
}

// after returns the first time of a schedule after another, or zero if there is none.
func (d *schedule) after(t time.Time) time.Time {
	if d.State == disabled {
		return time.Time{}
	}
	if !d.when.Once() && d.StartDate != nil && t.Before(time.Time(*d.StartDate)) {
		t = time.Time(*d.StartDate).Add(-1)
	}
	next, found := d.when.Next(t, d.anchor)
	if !found || !d.when.Once() && d.EndDate != nil && next.After(time.Time(*d.EndDate)) {
		return time.Time{}
	}
	return next
}
