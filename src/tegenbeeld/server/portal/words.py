"""
The words that the browser code needs, in the language of the page.

The scripts hold no sentence of their own: they read these from a JSON block in the page.
`{count}` and the like are filled in by the browser, as text. Keys that end in `_one` and
`_other` are the plural forms that `Intl.PluralRules` chooses from.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = dict[str, str]

LANGUAGES = {
    "nl": gettext_lazy("Dutch"),
    "fr": gettext_lazy("French"),
    "de": gettext_lazy("German"),
    "en": gettext_lazy("English"),
    "lb": gettext_lazy("Luxembourgish"),
    "it": gettext_lazy("Italian"),
}

COUNTRIES = {
    "BE": gettext_lazy("Belgium"),
    "NL": gettext_lazy("Netherlands"),
    "FR": gettext_lazy("France"),
    "DE": gettext_lazy("Germany"),
    "LU": gettext_lazy("Luxembourg"),
    "GB": gettext_lazy("United Kingdom"),
    "IE": gettext_lazy("Ireland"),
    "US": gettext_lazy("United States"),
    "CA": gettext_lazy("Canada"),
    "AU": gettext_lazy("Australia"),
    "NZ": gettext_lazy("New Zealand"),
    "IN": gettext_lazy("India"),
    "IT": gettext_lazy("Italy"),
    "world": gettext_lazy("Everywhere in the world"),
}
"""Where support lines are, in the order of their files."""

WAYS = {
    "phone": gettext_lazy("Phone"),
    "chat": gettext_lazy("Chat"),
    "mail": gettext_lazy("Mail"),
    "web": gettext_lazy("Website"),
}

FOR_WHOM = {
    "everybody": gettext_lazy("for all ages"),
    "adults": gettext_lazy("from 18 years"),
    "minors": gettext_lazy("for young people"),
}


def for_leaving() -> Words:
    """
    Give the words of "Leave this page" that are spoken while Shift is being pressed.
    """
    return {
        "two_more": _("Press Shift two more times to leave."),
        "one_more": _("Press Shift one more time to leave."),
        "leaving": _("Leaving this page."),
        "too_slow": _("Leaving was cancelled."),
    }


def _for_both() -> Words:
    """
    Give the words that both the protecting and the following page need.
    """
    return {
        "label": _("Your own word for it"),
        "picture_number": _("Picture {number}"),
        "video_number": _("Video {number}"),
        "failed": _("Something went wrong on this page."),
        "no_connection": _("We could not reach the server. Check your internet connection."),
        "slow": _("This takes longer than usual. Keep this page open."),
        "busy": _("The server is too busy now. Wait a minute."),
        "refused": _(
            "The server did not take this. Wait a while. If it happens again, ask the people who "
            "run this site."
        ),
        "keys_failed": _(
            "Your browser could not work with the code. Close other pages and apps, or use "
            "another browser."
        ),
        "keys_insecure": _(
            "This page was not opened over a secure connection (https), so your browser refuses "
            "to work with the code. Open the page again with https."
        ),
    }


def for_protecting() -> Words:
    """
    Give the words of the protecting page.
    """
    return {
        **_for_both(),
        **_about_files(),
        **_about_videos(),
        **_about_codes(),
        "choose_answer": _("Choose the answer that fits."),
        "choose_file": _("Choose at least one picture or video that can be protected."),
        "still_reading": _("Wait until everything has been read."),
        "confirm_title_one": _("{count} picture will be protected"),
        "confirm_title_other": _("{count} pictures will be protected"),
        "confirm_videos_one": _("{count} video will be protected"),
        "confirm_videos_other": _("{count} videos will be protected"),
        "confirm_both_other": _("{count} pictures and videos will be protected"),
        "left_out_one": _("{count} file cannot be used and will not be protected."),
        "left_out_other": _("{count} files cannot be used and will not be protected."),
        "copied": _("Copied. Paste it in a safe place at once, and then copy something else."),
        "copy_failed": _("Copying did not work. Write the words down instead."),
        "word_number": _("Word number {number}"),
        "word_missing": _("Type word number {number}."),
        "word_wrong": _("Word number {number} is another word. Look at your code again."),
        "sending_title": _("Sending"),
        "not_sent_title": _("Not sent yet"),
        "done_numbers": _("With your code you find them under these numbers: {numbers}."),
        "no_room": _(
            "There is no room left under this code. Go back and choose fewer, or use a new code."
        ),
        "done_title_one": _("{count} fingerprint has been received"),
        "done_title_other": _("{count} fingerprints have been received"),
    }


def _about_files() -> Words:
    """
    Give the words about each file that somebody chose.
    """
    return {
        "reading": _("Reading…"),
        "waiting": _("Not read yet"),
        "ready": _("Ready"),
        "unusable": _("Cannot be used"),
        "same_as": _("The same as number {number}"),
        "repeated": _("Once is enough."),
        "remove": _("Remove"),
        "remove_named": _("Remove {name}"),
        "removed": _("{name} was removed."),
        "pause": _("Pause"),
        "go_on": _("Go on reading"),
        "paused": _("Paused. What is being read now is read to its end."),
        "files_ready_one": _("{count} file is ready."),
        "files_ready_other": _("{count} files are ready."),
        "reason_empty": _("This file is empty. Choose the picture again, or another copy of it."),
        "reason_not-a-picture": _(
            "This is not a picture or video that can be read here. Other files cannot be protected."
        ),
        "reason_unknown-format": _(
            "This kind of picture cannot be read here. Is it from an iPhone (HEIC)? Then "
            "open this site on the iPhone itself, or save the picture as JPEG first."
        ),
        "reason_heic-not-loaded": _(
            "This picture is of the kind that many phones make (HEIC). To read it, your browser "
            "needs an extra part of this site, and could not fetch it. Check your internet "
            "connection and choose the picture again, or save it as JPEG first. The picture stays "
            "on your device."
        ),
        "reason_blocked": _(
            "Your browser does not let this page read pictures. Some privacy settings do that. "
            "Allow it for this site, or use another browser."
        ),
        "reason_too-small": _("This picture is too small. Choose a larger copy of it."),
        "reason_too-large": _(
            "This picture is too large for your device. Choose a smaller copy; that works as well."
        ),
        "reason_too-poor": _(
            "There is too little to see in this picture: it is very dark, blurred or of one "
            "colour. Its fingerprint would also fit other pictures. Choose a clearer copy of it."
        ),
        "reason_unreadable": _(
            "This picture could not be read. Perhaps the file is damaged. Try again, or choose "
            "another copy of it."
        ),
        "reason_too-many": _(
            "This is more than one code can hold. Remove another picture to make room, or protect "
            "this one later with a new code."
        ),
    }


def _about_videos() -> Words:
    """
    Give the words about videos that cannot be used, or of which not all could be read.
    """
    file_only = _(
        "Protected in part: platforms can only recognise exactly this file, not a copy that was "
        "saved again."
    )
    another_browser = _(
        "Open this site in another browser or on another device and choose it there."
    )
    return {
        "video_empty": _("This file is empty. Choose the video again, or another copy of it."),
        "video_not-a-video": _("This is not a video that can be read here."),
        "video_no-picture": _("There is only sound in this file."),
        "video_too-large": _("This video is too large for this page. Choose a smaller copy of it."),
        "video_unreadable": _(
            "This video could not be read. Perhaps it lies elsewhere now. Choose it again."
        ),
        "video_blocked": _(
            "The part of this site that reads videos could not be started. Check your internet "
            "connection and choose the video again, or use another browser."
        ),
        "video_unknown-kind": " ".join(
            [file_only, _("Better: save it as MP4 and choose that too."), another_browser]
        ),
        "video_unknown-codec": " ".join(
            [file_only, _("Your browser cannot show this kind of video."), another_browser]
        ),
        "video_protected": " ".join(
            [file_only, _("It is locked against copying. Choose a copy without that lock.")]
        ),
        "video_damaged": " ".join(
            [file_only, _("The file is damaged. Choose another copy of it.")]
        ),
        "video_too-many-pixels": " ".join(
            [file_only, _("Its picture is too large. Choose a smaller copy too.")]
        ),
        "video_too-few-pixels": " ".join(
            [file_only, _("Its picture is too small. Choose a larger copy too.")]
        ),
        "video_too-poor": " ".join(
            [file_only, _("There is too little to see in it: it is very dark or of one colour.")]
        ),
        "video_too-slow": " ".join(
            [file_only, _("Your device takes too long to show it."), another_browser]
        ),
        "video_hidden-pixels": " ".join(
            [
                file_only,
                _("A privacy setting of your browser hides what is to be seen."),
                another_browser,
            ]
        ),
        "video_cut-off": _(
            "Ready. The end of this video is missing or damaged: only what comes before is "
            "recognised."
        ),
        "video_too-long": _(
            "Ready. Only the first two hours of this video are recognised. Cut it in parts to "
            "protect the rest too."
        ),
    }


def for_planning() -> Words:
    """
    Give the words of the plan.
    """
    return {
        "steps_one": _("{count} step fits your answers."),
        "steps_other": _("{count} steps fit your answers."),
    }


def for_removing() -> Words:
    """
    Give the words of the guide.
    """
    return {
        "reminder": _("Reminder"),
        "missing": _(
            "Not there yet: {names}. Many platforms ask for all of it. You decide what you give."
        ),
        "missing_addresses": _("the addresses"),
        "missing_name": _("your name"),
        "missing_email": _("your e-mail address"),
        "complete": _("Everything is there that platforms usually ask for."),
        "notice_copied": _("Copied."),
        "notice_not_copied": _(
            "Your browser did not let us copy. Select the text and copy it yourself."
        ),
        "found": _("Found below: {names}. The search engines are there too."),
        "not_found": _("Not in our list: {names}. Below is what to do with any other website."),
    }


def for_checking() -> Words:
    """
    Give the words of the self-test.
    """
    return {
        "failed": _("Something went wrong on this page."),
        "checking": _("One moment, your device is reading the picture…"),
        "check_unusable": _("This picture could not be used. Try another one."),
        "check_none": _(
            "The fingerprint is made, and the picture did not leave your device: meanwhile your "
            "browser asked for nothing."
        ),
        "check_some_one": _(
            "The fingerprint is made. Meanwhile your browser asked for {count} file of this site; "
            "you find it in the list."
        ),
        "check_some_other": _(
            "The fingerprint is made. Meanwhile your browser asked for {count} files of this site;"
            " you find them in the list."
        ),
        "check_before": _("before the test"),
        "check_meanwhile": _("during the test"),
        "check_request": _("({when}, {size} bytes received)"),
    }


def for_following() -> Words:
    """
    Give the words of the following page.
    """
    return {
        **_for_both(),
        **_about_codes(),
        **_about_platforms(),
        "standing_protected_one": _("{count} is protected now."),
        "standing_protected_other": _("{count} are protected now."),
        "standing_stopped_one": _("Copies of {count} of them were stopped."),
        "standing_stopped_other": _("Copies of {count} of them were stopped."),
        "standing_checking_one": _("People at a platform are looking at a possible copy."),
        "standing_checking_other": _("People at platforms are looking at possible copies."),
        "standing_quiet": _("So far, no platform has told us of a copy."),
        "looking": _("Looking…"),
        "looked": _("This is how things stand now."),
        "protected_since": _("Protected since {date}."),
        "protected_until": _("The protection ends on {date}."),
        "soon": _("Received on {date}. The platforms will get it soon."),
        "no_platform": _("No platform takes part yet."),
        "withdrawn_on": _("You withdrew it on {date}."),
        "expired_on": _("The protection ended on {date}. You can protect it again."),
        "withdraw_picture": _("Withdraw picture {number}"),
        "withdraw_video": _("Withdraw video {number}"),
        "withdraw_picture_title": _("Withdraw picture {number}?"),
        "withdraw_video_title": _("Withdraw video {number}?"),
        "withdraw_all_title": _("Withdraw everything?"),
        "withdrawing": _("Withdrawing…"),
        "renewing": _("Making it last longer…"),
        "renewed": _("Done. The new day is shown with each one."),
        "change_label": _("Change your own word for number {number}"),
        "save": _("Save"),
        "saving": _("Saving…"),
        "saved": _("Saved."),
        "withdrawn_notice": _("Withdrawn. The platforms are being told."),
        **_about_mail(),
    }


def _about_mail() -> Words:
    """
    Give the words about being told by e-mail.
    """
    return {
        "news_none": _("Now you get no e-mails about these."),
        "news_some": _("Now you get e-mails about some of these."),
        "news_daily": _("Now you get an e-mail when there is news, at most once a day."),
        "news_weekly": _("Now you get an e-mail when there is news, at most once a week."),
        "news_monthly": _("Now you get an e-mail when there is news, at most once a month."),
        "news_stopped": _("Saved. You get no more e-mails about these."),
        "address_missing": _("Type your e-mail address."),
        "address_wrong": _(
            "This does not look like an e-mail address, such as name@example.org. Perhaps a "
            "letter is missing?"
        ),
    }


def _about_codes() -> Words:
    """
    Give the words about a code that does not fit.
    """
    return {
        "working": _("One moment, your device is working with the code…"),
        "try_again": _("Nothing is lost. Try again."),
        "code_missing": _("Type your code."),
        "code_length": _(
            "This is not a whole code. A code has eight words, or 18 letters and figures. Count "
            "again what you typed."
        ),
        "code_word": _("Word number {position} is not a word of our list: “{entry}”."),
        "code_suggestions": _("Perhaps you meant: {suggestions}."),
        "code_character": _("The sign “{entry}” at place {position} is not used in codes."),
        "code_check_words": _(
            "These words do not belong together. Perhaps one is another word, or two changed "
            "places. Compare them with what you kept."
        ),
        "code_check_characters": _(
            "These letters and figures do not belong together. Perhaps one is another, or two "
            "changed places. Compare them with what you kept."
        ),
    }


def _about_platforms() -> Words:
    """
    Give the words about what a platform did, and when.
    """
    return {
        "platform_waiting": _("{platform} has not fetched it yet."),
        "platform_looking": _("{platform} has been looking out for it since {date}."),
        "platform_file_only": _(
            "{platform} has been looking out for it since {date}. It recognises exactly this file "
            "only, not a copy that was saved again."
        ),
        "platform_pending": _(
            "A possible copy was found on {date}. People at {platform} are looking at it."
        ),
        "platform_blocked": _("{platform} stopped a copy on {date}."),
        "platform_not_blocked": _(
            "People at {platform} looked at a possible copy on {date} and decided not to stop it."
            " If you do not agree, ask the people at the help lines."
        ),
        "platform_confirmed": _("{platform} processed your withdrawal on {date}."),
        "platform_not_confirmed": _("{platform} has not confirmed yet. We keep asking."),
        "platform_never_had": _("As far as we know, {platform} had not fetched it."),
    }
