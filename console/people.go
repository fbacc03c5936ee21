package console

import (
	"wuyepay/models"
)

// peopleList is 员工.
type peopleList struct {
	Rows   []models.Staff
	Self   string
	Export string
}

func (c *call) people() error {
	list, err := c.view.StaffList()
	if err != nil {
		return err
	}
	return c.render("people", "员工", peopleList{Rows: list, Self: c.staff.ID, Export: "/staff/people/export"})
}

func (c *call) exportPeople() error {
	return c.export("员工", "", []string{"用户名", "姓名", "角色", "状态", "添加时间"}, func(b *workbook) error {
		list, err := c.view.StaffList()
		if err != nil {
			return err
		}
		for _, s := range list {
			state := "正常"
			if s.Disabled {
				state = "已停用"
			}
			if err := b.Row(s.Username, s.Name, word(roleWords, s.Role), state, at(s.CreatedAt)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *call) disablePerson() error {
	return c.changePerson((*models.Tx).DisableStaff, "staff_disabled")
}

func (c *call) enablePerson() error { return c.changePerson((*models.Tx).EnableStaff, "staff_enabled") }

// changePerson does something to an account; a refusal is said on the list.
func (c *call) changePerson(change func(tx *models.Tx, by models.Actor, id string) error, done string) error {
	err := c.DB.Write(c.r.Context(), func(tx *models.Tx) error { return change(tx, c.staff.Actor(), c.r.PathValue("id")) })
	if e, ok := models.AsError(err); ok {
		if _, known := flashes[e.Code]; known {
			c.say(e.Code)
			return c.redirect("/staff/people")
		}
	}
	if err != nil {
		return err
	}
	c.say(done)
	return c.redirect("/staff/people")
}
