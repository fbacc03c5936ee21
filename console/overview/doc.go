// Package overview has the pages that look at the whole: the dashboard, the audit log
// and the check of the settings.
//
// It changes nothing. The figures come from package models; what a setting must be
// like is known to package server, which hands the checks in as [ui.Deps].Checks.
package overview
