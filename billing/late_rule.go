package billing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of a change of the default late-fee rule.
var (
	ErrLateRule = models.Invalid("LATE_RULE",
		"违约金规则不正确：日利率在 0 到 10‰ 之间（千分之三写成 3‰ 或 0.3%），宽限 0 到 366 天，上限不超过 100%（空着为无上限）")
	// ErrLateRuleFrom: the rule is to hold from a day that is past, or years ahead.
	ErrLateRuleFrom = models.Invalid("LATE_RULE_FROM", "起始日期应为今天或以后，最晚一年之内")
	// ErrLateRuleSame: the community has this rule already.
	ErrLateRuleSame = models.Refusal(models.KindConflict, "LATE_RULE_SAME", "与现在的规则相同，没有需要调整的")
)

// lateRuleBatch is how many open bills take a rule in one transaction, so that no
// payment waits long for it.
const lateRuleBatch = 25

// LateRuleRequest is a change of the default late-fee rule 违约金规则 of a community, as a
// person types it: a rate of 3‰, 0.3% or 0.003, and a cap of 30% or none.
type LateRuleRequest struct {
	CommunityID string
	Rate        string
	GraceDays   int
	Cap         string
	FromOn      models.Date
	OpenBills   bool // also imported bills that are open, as far as the rule is milder than theirs
	Reason      string
}

// rule returns the rule of the request, or [ErrLateRule].
func (q LateRuleRequest) rule() (estate.LateRule, error) {
	rate, ok := calc.RateBounds.Share(q.Rate)
	if !ok || !calc.GraceDays.Has(q.GraceDays) {
		return estate.LateRule{}, ErrLateRule
	}
	limit := ""
	if strings.TrimSpace(q.Cap) != "" {
		share, ok := calc.CapBounds.Share(q.Cap)
		if !ok {
			return estate.LateRule{}, ErrLateRule
		}
		limit = share.String()
	}
	return estate.ParseLateRule(rate.String(), q.GraceDays, limit)
}

// change returns the request as it is kept. It refuses what cannot be right.
func (q LateRuleRequest) change(tx *store.Tx) (c estate.LateRuleChange, err error) {
	rule, err := q.rule()
	if err != nil {
		return c, err
	}
	if q.FromOn < tx.Today() || q.FromOn > tx.Today()+366 {
		return c, ErrLateRuleFrom
	}
	if _, err := estate.CommunityByID(tx, q.CommunityID); err != nil {
		return c, err
	}
	return estate.LateRuleChange{CommunityID: q.CommunityID, LateRate: rule.Rate.String(), GraceDays: rule.GraceDays,
		LateCap: rule.CapText(), FromOn: q.FromOn, OpenBills: q.OpenBills, Reason: strings.TrimSpace(q.Reason)}, nil
}

// PreviewLateRule computes what a request would do to the open bills. It changes
// nothing, and needs no reason.
func PreviewLateRule(ctx context.Context, db *store.DB, q LateRuleRequest) (LateRuleEffect, error) {
	c, err := q.change(db.View(ctx))
	if err != nil {
		return LateRuleEffect{}, err
	}
	return EffectOfLateRule(ctx, db, c)
}

// RequestLateRule asks for another default late-fee rule. Another person decides:
// [DecideLateRule]. It needs [office.PermBilling].
func RequestLateRule(ctx context.Context, db *store.DB, by office.Staff, q LateRuleRequest) (estate.LateRuleChange, error) {
	if !by.Can(office.PermBilling) {
		return estate.LateRuleChange{}, models.ErrForbidden
	}
	if reason := strings.TrimSpace(q.Reason); reason == "" || utf8.RuneCountInString(reason) > 200 {
		return estate.LateRuleChange{}, ErrNoReason
	}
	var c estate.LateRuleChange
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		if c, err = q.change(tx); err != nil {
			return err
		}
		have, err := estate.LateRuleOn(tx, q.CommunityID, q.FromOn)
		if err != nil {
			return err
		}
		if rule, err := c.Rule(); err != nil || rule.Equal(have) && !q.OpenBills {
			return errors.Join(err, ErrLateRuleSame)
		}
		return estate.InsertLateRuleChange(tx, by.Actor(), &c)
	})
	return c, err
}

// DecideLateRule approves or refuses a change. It needs [office.PermApprove], and
// another person than the one who asked ([ErrSamePerson]). A change that is approved
// after its first day holds from the day of the approval. [WorkLateRules] then gives the
// rule to open bills, if they were asked for.
func DecideLateRule(ctx context.Context, db *store.DB, by office.Staff, id string, approve bool, note string) error {
	if !by.Can(office.PermApprove) {
		return models.ErrForbidden
	}
	note = strings.TrimSpace(note)
	if utf8.RuneCountInString(note) > 200 {
		return ErrNoReason
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		c, err := estate.LockLateRuleChange(tx, id)
		if err != nil {
			return err
		}
		switch {
		case c.Status != estate.LateRuleRequested:
			return estate.ErrLateRuleDecided
		case c.Asked == by.Actor():
			return ErrSamePerson
		}
		status := estate.LateRuleRefused
		if approve {
			status, c.FromOn = estate.LateRuleApproved, max(c.FromOn, tx.Today())
		}
		return estate.DecideLateRuleChange(tx, by.Actor(), &c, status, note)
	})
}

// WorkLateRules writes into open imported bills the rules that were approved for them and
// whose day has come, and returns how many bills took one. Each batch is a transaction
// of its own; where it is stopped, the next call continues. A change that fails does not
// stop the others.
func WorkLateRules(ctx context.Context, db *store.DB) (int, error) {
	list, err := estate.UnworkedLateRules(db.View(ctx))
	n := 0
	for _, c := range list {
		for done := false; !done; {
			var changed int
			var fault error
			changed, done, fault = workLateRule(ctx, db, c.ID)
			if n += changed; fault != nil {
				err = errors.Join(err, fmt.Errorf("late rule %s: %w", c.ID, fault))
				break
			}
		}
	}
	return n, err
}

// workLateRule writes a rule into the next batch of bills, and reports how many took it and
// whether none are left. A bill that a refund is moving, or whose rule is milder
// already, keeps its own.
func workLateRule(ctx context.Context, db *store.DB, id string) (changed int, done bool, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		changed, done = 0, false
		c, err := estate.LockLateRuleChange(tx, id)
		if err != nil {
			return err
		}
		if c.Done || c.Status != estate.LateRuleApproved {
			done = true
			return nil
		}
		rule, err := c.Rule()
		if err != nil {
			return err
		}
		bills, err := fees.OpenImported(tx, c.CommunityID, c.WorkedTo, lateRuleBatch)
		if err != nil {
			return err
		}
		m := Approval{Asked: c.Asked, Approved: c.Decided, Reason: c.Reason}
		for i := range bills {
			c.WorkedTo = bills[i].ID
			if takes, err := takesRule(&bills[i], rule); err != nil || !takes {
				if err != nil {
					return err
				}
				continue
			}
			_, err := Adjust(tx, m, Adjustment{Kind: fees.EntryCorrection, BillID: bills[i].ID, Rule: &rule})
			switch {
			case errors.Is(err, ErrBillRefunding), errors.Is(err, ErrRuleNotMilder), errors.Is(err, ErrBillVoid):
			case err != nil:
				return err
			default:
				changed++
			}
		}
		c.Changed += changed
		c.Done = len(bills) < lateRuleBatch
		done = c.Done
		return estate.KeepLateRuleWork(tx, &c)
	})
	return changed, done, err
}

// takesRule reports whether a bill would take a rule: it is milder than the bill's, and
// another.
func takesRule(b *fees.Bill, rule estate.LateRule) (bool, error) {
	have, err := b.LateRule()
	return err == nil && !rule.Equal(have) && rule.MilderThan(have), err
}
