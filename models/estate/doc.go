// Package estate holds communities, their rooms and the people of the rooms: who owns
// or rents a room from when to when, who sees it on a phone, where its payments go.
//
// It owns the tables communities, merchant_rules, rooms, owners, tenures, transfers,
// vacancies, users and bindings. Bills, prepayment and what a transfer does to them
// are not here: package fees and package money own the tables, package billing the
// rules.
//
// Who holds a room is said by its tenures, and by nothing else:
//
//   - a [Tenure] lasts from FromOn to ToOn, both included, as days of Asia/Shanghai.
//     No FromOn means from the beginning, no ToOn means still. For example, a tenure
//     until 2026-03-14 and one from 2026-03-15 meet without a gap;
//   - a [Tenure] of an owner makes them liable for the bills of its days. A [Tenure]
//     of a tenant makes nobody liable: the tenant sees and pays the items that they
//     agreed to pay, and the owner still owes them;
//   - a [Transfer] 过户 ends one owner's tenure on the day before TransferOn and begins
//     the next owner's on TransferOn;
//   - a [Binding] lets a user see a room in the name of one holder. UntilOn is the
//     last day of that holder's tenure. The user keeps seeing the bills that this
//     holder owes after that day, and no bills of others; see [BillVisibility].
//
// A [Vacancy] 空置登记 is requested by one member of staff and approved or refused by
// another. Only an approved one lowers bills, and only bills that are issued later.
//
// Personal data is the name of an owner and the phone numbers of owners and users.
// A phone number is kept three times: sealed (PhoneCipher), as a blind index for
// look-ups (PhoneIndex), and its last four digits in clear, for owners only.
package estate
