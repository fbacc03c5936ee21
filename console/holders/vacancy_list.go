package holders

import (
	"context"
	"errors"
	"strings"

	"wuyepay/billing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

// vacancyWords are the states of a vacancy.
var vacancyWords = map[string]string{estate.VacancyRequested: "待审批", estate.VacancyApproved: "已同意", estate.VacancyRefused: "未同意"}

// vacancyList is the page 空置登记.
type vacancyList struct {
	Rows        []vacancyLine
	Communities []ui.Option
	Form        vacancyForm
	Pager       ui.Pager
}

// vacancyForm is the form of a registration.
type vacancyForm struct {
	Community, Room, From, To, Reason, Error string
}

// vacancyLine is a registration, and what the member of staff may do about it.
type vacancyLine struct {
	estate.VacancyLine
	Decide bool
	End    bool
}

// Vacancies shows a page of 空置登记 and the form for another.
func Vacancies(c *ui.Call) error { return showVacancies(c, 200, vacancyForm{}) }

func showVacancies(c *ui.Call, status int, f vacancyForm) (err error) {
	l := vacancyList{Form: f}
	if l.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	list, err := estate.Vacancies(c.View, c.Scope(), c.R.URL.Query().Get("after"), ui.PageSize+1)
	if err != nil {
		return err
	}
	list, l.Pager = ui.Cut(c, list, func(v estate.VacancyLine) string { return v.ID })
	for _, v := range list {
		approve := c.Can(office.PermApprove)
		l.Rows = append(l.Rows, vacancyLine{VacancyLine: v,
			Decide: approve && v.Status == estate.VacancyRequested && v.Asked != c.Staff.Actor(),
			End:    approve && v.Status == estate.VacancyApproved && v.ToOn > c.View.Today()})
	}
	return c.RenderAs(status, "holders/vacancy_list", "空置登记", l)
}

// ExportVacancies sends the list as a workbook.
func ExportVacancies(c *ui.Call) error {
	return c.Export("空置登记", "", []string{"房号", "起", "止", "原因", "状态", "登记人", "登记时间", "审批人", "审批时间", "审批意见"}, func(b *ui.Workbook) error {
		return ui.EachPage(func(after string, limit int) ([]estate.VacancyLine, error) {
			return estate.Vacancies(c.View, c.Scope(), after, limit)
		},
			func(v estate.VacancyLine) string { return v.ID }, func(v estate.VacancyLine) error {
				return b.Row(v.Room.Code, v.FromOn.String(), v.ToOn.String(), v.Reason, words.Of(vacancyWords, v.Status),
					words.Actor(v.Asked.Kind, v.Asked.Name), words.At(v.CreatedAt), words.Actor(v.Decided.Kind, v.Decided.Name),
					words.At(v.DecidedAt),
					v.Note)
			})
	})
}

// AskVacancy registers a vacancy, which another person approves.
func AskVacancy(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	text := func(name string) string { return strings.TrimSpace(c.Field(name)) }
	f := vacancyForm{Community: text("community"), Room: text("room"), From: text("from"), To: text("to"), Reason: text("reason")}
	err := saveVacancy(c, f)
	if e, ok := models.AsError(err); ok {
		if f.Error = e.Message; errors.Is(err, models.ErrNotFound) {
			f.Error = "没有找到这个房号，或者不在您负责的范围内"
		}
		return showVacancies(c, ui.StatusOf(e.Kind), f)
	}
	if err != nil {
		return err
	}
	c.Say("vacancy_asked")
	return c.Redirect("/staff/vacancies")
}

func saveVacancy(c *ui.Call, f vacancyForm) error {
	from, err := models.ParseDate(f.From)
	to, errTo := models.ParseDate(f.To)
	if err != nil || errTo != nil {
		return billing.ErrVacancyDays
	}
	room, err := estate.RoomByCode(c.View, f.Community, f.Room)
	if err == nil {
		_, _, err = estate.ScopedRoom(c.View, c.Scope(), room.ID)
	}
	if err == nil {
		_, err = billing.RequestVacancy(c.R.Context(), c.DB, c.Staff.Actor(), room.ID, from, to, f.Reason)
	}
	return err
}

// DecideVacancy approves, refuses or ends a registration.
func DecideVacancy(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	id, by := c.R.PathValue("id"), c.Staff
	var err error
	done := "vacancy_decided"
	switch c.Field("do") {
	case "approve", "refuse":
		err = billing.DecideVacancy(c.R.Context(), c.DB, by, id, c.Field("do") == "approve", strings.TrimSpace(c.Field("note")))
	case "end":
		done = "vacancy_ended"
		err = endVacancy(c.R.Context(), c, by, id)
	default:
		return ui.ErrBadForm
	}
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		done, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.Say(done)
	return c.Redirect("/staff/vacancies")
}

func endVacancy(ctx context.Context, c *ui.Call, by office.Staff, id string) error {
	last, err := models.ParseDate(c.Field("last_day"))
	if err != nil {
		return billing.ErrVacancyDays
	}
	return billing.EndVacancy(ctx, c.DB, by, id, last)
}
