package console

import (
	"context"
	"errors"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
)

var vacancyWords = map[string]string{models.VacancyRequested: "待审批", models.VacancyApproved: "已同意", models.VacancyRefused: "未同意"}

// vacancyList is 空置登记.
type vacancyList struct {
	Rows        []vacancyLine
	Communities []choice
	Form        vacancyForm
	Pager       pager
}

// vacancyForm is a registration that was refused, to be mended.
type vacancyForm struct {
	Community, Room, From, To, Reason, Error string
}

// vacancyLine is a registration, and what the member of staff may do about it.
type vacancyLine struct {
	models.VacancyLine
	Decide bool
	End    bool
}

func (c *call) vacancies() error { return c.showVacancies(200, vacancyForm{}) }

func (c *call) showVacancies(status int, f vacancyForm) (err error) {
	l := vacancyList{Form: f}
	if l.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	list, err := c.view.Vacancies(c.scope(), c.r.URL.Query().Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	list, l.Pager = cut(c, list, func(v models.VacancyLine) string { return v.ID })
	for _, v := range list {
		approve := c.can(permApprove)
		l.Rows = append(l.Rows, vacancyLine{VacancyLine: v,
			Decide: approve && v.Status == models.VacancyRequested && v.AskedBy() != c.staff.Actor(),
			End:    approve && v.Status == models.VacancyApproved && v.ToOn > c.view.Today()})
	}
	return c.renderAs(status, "vacancies", "空置登记", l)
}

func (c *call) exportVacancies() error {
	return c.export("空置登记", "", []string{"房号", "起", "止", "原因", "状态", "登记人", "登记时间", "审批人", "审批时间", "审批意见"}, func(b *workbook) error {
		return eachPage(func(after string, limit int) ([]models.VacancyLine, error) {
			return c.view.Vacancies(c.scope(), after, limit)
		},
			func(v models.VacancyLine) string { return v.ID }, func(v models.VacancyLine) error {
				return b.Row(v.Room.Code, v.FromOn.String(), v.ToOn.String(), v.Reason, word(vacancyWords, v.Status), actorWord(v.AskedKind, v.AskedName), at(v.CreatedAt),
					actorWord(v.DecidedKind, v.DecidedName), at(v.DecidedAt), v.Note)
			})
	})
}

func (c *call) askVacancy() error {
	if err := c.form(); err != nil {
		return err
	}
	text := func(name string) string { return strings.TrimSpace(c.field(name)) }
	f := vacancyForm{Community: text("community"), Room: text("room"), From: text("from"), To: text("to"), Reason: text("reason")}
	err := c.saveVacancy(f)
	if e, ok := models.AsError(err); ok {
		if f.Error = e.Message; errors.Is(err, models.ErrNotFound) {
			f.Error = "没有找到这个房号，或者不在您负责的范围内"
		}
		return c.showVacancies(statusOf(e.Kind), f)
	}
	if err != nil {
		return err
	}
	c.say("vacancy_asked")
	return c.redirect("/staff/vacancies")
}

func (c *call) saveVacancy(f vacancyForm) error {
	from, err := models.ParseDate(f.From)
	to, errTo := models.ParseDate(f.To)
	if err != nil || errTo != nil {
		return billing.ErrVacancyDays
	}
	room, err := c.view.RoomByCode(f.Community, f.Room)
	if err == nil {
		_, _, err = c.view.ScopedRoom(c.scope(), room.ID)
	}
	if err == nil {
		_, err = billing.AskVacancy(c.r.Context(), c.DB, c.staff.Actor(), room.ID, from, to, f.Reason)
	}
	return err
}

// decideVacancy approves, refuses or ends a registration.
func (c *call) decideVacancy() error {
	if err := c.form(); err != nil {
		return err
	}
	id, by := c.r.PathValue("id"), c.staff.Actor()
	var err error
	done := "vacancy_decided"
	switch c.field("do") {
	case "approve", "refuse":
		err = billing.DecideVacancy(c.r.Context(), c.DB, by, id, c.field("do") == "approve", strings.TrimSpace(c.field("note")))
	case "end":
		done = "vacancy_ended"
		err = c.endVacancy(c.r.Context(), by, id)
	default:
		return errBadForm
	}
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		done, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.say(done)
	return c.redirect("/staff/vacancies")
}

func (c *call) endVacancy(ctx context.Context, by models.Actor, id string) error {
	last, err := models.ParseDate(c.field("last_day"))
	if err != nil {
		return billing.ErrVacancyDays
	}
	return billing.EndVacancy(ctx, c.DB, by, id, last)
}
