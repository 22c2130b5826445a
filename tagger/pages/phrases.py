"""The phrases of page furniture, as data: what such a line is called and where on a page it stands.

A phrase belongs here when many sites print it. One site's own words are caught by where they stand
(`features`), by composition (`furniture`) or by recurring on the page (`observed`).
"""

from __future__ import annotations

from collections.abc import Iterator

HEAD, TAIL, ANYWHERE, LINKS, COMMENTS, CLOCK, DAY = "head", "tail", "anywhere", "links", "comments", "clock", "day"
"""Places of furniture; LINKS and COMMENTS also open a section of the page that is none of the article's."""

STAMPS = ("date line", "dated line", "byline")
"""Furniture that only an article's opening has."""

BUTTONS = frozenset(
    str.split(
        """
        facebook twitter whatsapp x email e-mail mail print linkedin pinterest reddit telegram messenger tumblr
        flipboard instagram youtube copy link url save bookmark share shares tweet pin pocket sms threads bluesky viber
        line listen gift article comment comments like likes more this on via to story page & and + | / • · google news
        digg icon send copied! copied button options external (opens in new window) skype text size a- a+ aa post
        """
    )
)
BUTTON_ANCHORS = frozenset(
    str.split(
        """
        facebook twitter whatsapp email e-mail print linkedin pinterest reddit telegram messenger share shares tweet
        bookmark copy flipboard instagram save gift x threads bluesky
        """
    )
)

ADVERT = frozenset(
    str.split(
        """
        ad ads advert adverts advertisement advertising sponsored promoted content article articles story stories
        continue continues continued reading below after this the main scroll scrolling to skip our partners by for
        supported presented brought you from feedback past end of choices
        """
    )
)
ADVERT_ANCHORS = frozenset(
    str.split("ad ads advert adverts advertisement advertising sponsored promoted continues continued scroll")
)

_WHOLE_LINES = """\
share line @ head:
short url;short link;permalink;shortlink

date line @ head:
published;updated;posted;last updated

follow line @ head:
follow;following;follow us;follow author;follow topic

share line @ anywhere:
share full article;sharetweetsend;sharetweet;like loading;like this;share now;share the story;link copied;
link copied!;listen;listen to article;listen to story;read aloud;save for later;saved;add to bookmarks;
spread the word;resize text;text size;font size;a a a;read in app;add us on google;open in app;about sharing;
tell your friends

advert line @ anywhere:
supported by;presented by;brought to you by;skip;paid content;continue reading below;continue reading;
continue reading the main story;skip past newsletter promotion;after newsletter promotion;remove ads;
why you can trust us;from our partners;partner content;remaining time;play video;watch live;video player is loading;
video;gallery;watch;play;pause;mute;unmute;fullscreen

newsletter line @ anywhere:
be the first to know;stay informed;sign up!;stay up to date;never miss a story;newsletter;newsletters;subscribe;
subscribe today;sign up;sign up now;get the newsletter;your email;email address;sign up here;register now;support us;
support our journalism;donate;donate now;become a member;become a subscriber;thank you for reading;thanks for reading;
thanks for signing up;manage newsletters;you're subscribed;success! you're subscribed;whatsapp channel;get the app

newsletter footer @ tail:
unsubscribe;view in browser;manage preferences;update your preferences;forward to a friend;
view this email in your browser

navigation line @ anywhere:
home;menu;search;log in;login;log out;sign in;my account;account;register;close;back;back to top;return to top;top;
next;previous;prev;next article;previous article;next story;previous story;next post;previous post;main menu;sections;
all sections;latest;breaking news;breaking;live;live updates;exclusive;edition;e-paper;epaper;today's paper;
toggle navigation;open menu;close menu;us edition;international edition;uk edition;site map;sitemap;load more;
show more;view more;see all;view all;more;less;expand;collapse;breadcrumb;photo gallery;view gallery;in pictures;
show all;hide;loading;loading...;please wait;show comments;hide comments;add comment

site footer @ tail:
suggested topics;explore topics;report this;share your feedback;body;all rights reserved;terms of use;privacy policy;
terms of service;terms and conditions;terms & conditions;contact us;about us;cookie policy;cookie settings;cookies;
accessibility;advertise with us;careers;work for us;disclaimer;do not sell my personal information;
your privacy choices;complaints;corrections;editorial guidelines;our standards;
our standards: the thomson reuters trust principles.;ethics policy;rss;rss feeds;help;faq;contact;about;imprint;
end of article;end of story;article ends;ends;(ends);-ends-;- ends -;end;###;-30-;about the author;licensing;
reuse this content;report an error;report error;purchase licensing rights;suggest a correction;get in touch

comment buttons @ anywhere:
reply;like · reply;like reply;reply share;report;reply report;flag;upvote;downvote

read-on line @ tail:
read the full story;read full story;full story;read full article;read the full article;read the rest;read it here;
full article;more →;read on;read in full

cookie notice @ anywhere:
we value your privacy;your privacy;manage options;privacy settings;about cookies;cookie notice;
we care about your privacy;before you continue;manage my choices;save and close;accept all;accept;reject all;i agree;
agree;got it;manage cookies;ok;no thanks

related links @ links:
previous post;next post;people are also reading;also reading;other news;in the headlines;read more;read also;
also read;read next;see also;related;related articles;related stories;related news;related topics;related content;
related posts;related coverage;related links;most read;most popular;most viewed;most shared;most commented;trending;
trending now;trending stories;you may also like;you might also like;recommended;recommended for you;
recommended stories;recommended reading;more from;more stories;more news;top stories;top news;don't miss;
editor's picks;editors' picks;editor's pick;latest news;latest stories;latest headlines;in this section;in other news;
what to read next;up next;popular;popular now;popular stories;must read;must reads;more to explore;
elsewhere on the bbc;around the web;from around the web;from the web;you might have missed;in case you missed it;
keep reading;further reading;explore more;explore more on these topics;similar stories;more like this;next up;
next read;read these next;also in the news;other stories;more headlines;most recent;readers also liked;
people are reading;what others are reading;best of;top picks;our picks;more:;also see;worth reading;suggested;
suggested reading;related video;related videos;top videos;watch next;story continues after;from the archive;
from our archive;sponsored links;taboola feed;promoted stories;promoted links;you may like;discover more;the latest;
more coverage;key events

reader comments @ comments:
comments;comment;leave a comment;post a comment;leave a reply;join the conversation;join the discussion;have your say;
what do you think?;reader comments;readers' comments;comments section;view all comments;add your comment;
this discussion has been closed;comments are closed;conversation;sort by newest;sort by best;top comments;
most liked comments;newest;oldest;write a comment;discussion;comment section;log in to comment;all comments
"""
"""Lines that are furniture word for word: reason, place, phrases."""

_BEGINNINGS = """\
share line @ anywhere:
share this ;share on ;listen to this ;listen now;listen •;click to ;

follow line @ anywhere:
follow us ;follow @

follow line @ tail:
find us on ;like us on ;join us on ;

newsletter line @ anywhere:
stay updated with ;stay up to date with ;get local news ;get breaking news ;follow our ;sign up for ;sign up to ;
subscribe to ;subscribe for ;subscribe now;get our ;get the latest ;get the day's ;join our ;enter your email;
download our ;download the ;you are receiving this;you're receiving this;was this newsletter forwarded

advert line @ anywhere:
click here;tap here to ;

related links @ anywhere:
more by ;read more:;read more |;read more »;learn more:;in case you missed it:;read also:;also read:;also read-;
also read |;also read -;also read —;also read –;
read |;read:;read more -;see also:;related:;related |;related article:;related story:;more:;must read:;must read |;
don't miss:;recommended:;watch:;watch |;watch more:;listen:;see:;in pictures:;photos:;video:;click to read

copyright line @ tail:
copyright ;copyright©;all content ©;©;(c) 20;(c) copyright

related links @ links:
more from ;more on ;more in ;related to ;most read ;most popular ;top stories ;trending in ;trending on ;
latest from ;latest on ;

topic list @ tail:
tags:;tags |;see more on:;topics:;topic:;filed under;posted in ;keywords:;tagged:

topic list @ anywhere:
category:;categories:

publication line @ tail:
published in ;this article was originally published;this story was originally published

publication line @ anywhere:
first published

photo caption @ head:
image source;image caption;image:;image credit;media caption;photo:;photo by ;photo credit;photo courtesy;photograph:;
photograph by ;picture:;picture credit;file photo;representational image;representative image;caption:;credit:;
enlarge this image

navigation line @ anywhere:
section:;you are here;skip to ;jump to ;view comments

reading time @ head:
estimated reading time;reading time

navigation line @ head:
location:
"""
"""Beginnings of furniture that goes on in the site's own words; such a line is short, no sentence."""


def _entries(table: str) -> Iterator[tuple[str, str, str]]:
    for entry in table.strip().split("\n\n"):
        heading, _, phrases = entry.partition(":\n")
        reason, _, place = heading.partition(" @ ")
        for phrase in phrases.replace(";\n", ";").rstrip(";").split(";"):
            yield phrase, reason, place


EXACT = {phrase: (reason, place) for phrase, reason, place in _entries(_WHOLE_LINES)}
BY_FIRST: dict[str, list[tuple[str, str, str]]] = {}
"""Beginnings by their first character: one look-up instead of a hundred comparisons a line."""
for _entry in _entries(_BEGINNINGS):
    BY_FIRST.setdefault(_entry[0][0], []).append(_entry)

LONGER_ALLOWED = ("copyright line", "photo caption", "newsletter line", "publication line", "topic list")
"""Furniture that may run to a sentence."""

LABELS = frozenset(
    str.split(
        """
        source author date page section byline publication language length edition dateline category categories tag
        tags topic topics keywords url link reporter editor location subject words by publisher published section/page
        pg credit from to cc sent filed type issue volume country region words/count
        """
    )
) | {
    *("word count", "load-date", "load date", "document type", "publication date", "journal code", "page number"),
    "last updated",
}
