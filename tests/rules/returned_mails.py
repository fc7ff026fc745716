"""Mails that came back, complaints and what people write, as servers and programs write them.

``MARK`` stands where the mark of our message stands.
"""

from __future__ import annotations

MARK = "@@MARK@@"


def marked(sample: str, mark: str) -> bytes:
    """The sample as it arrives, about the message with this mark."""
    return sample.replace(MARK, mark).replace("\n", "\r\n").encode()


# RFC 3464, appendix E.1; the message that was returned is ours.
RFC_3464_SIMPLE = f"""Date: Thu, 7 Jul 1994 17:16:05 -0400
From: Mail Delivery Subsystem <MAILER-DAEMON@CS.UTK.EDU>
Message-Id: <199407072116.RAA14128@CS.UTK.EDU>
Subject: Returned mail: Cannot send message for 5 days
To: <owner-info-mime@cs.utk.edu>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
      boundary="RAA14128.773615765/CS.UTK.EDU"

--RAA14128.773615765/CS.UTK.EDU

The original message was received at Sat, 2 Jul 1994 17:10:28 -0400
from root@localhost

   ----- The following addresses had delivery problems -----
<louisl@larry.slip.umd.edu>  (unrecoverable error)

--RAA14128.773615765/CS.UTK.EDU
content-type: message/delivery-status

Reporting-MTA: dns; cs.utk.edu

Original-Recipient: rfc822;louisl@larry.slip.umd.edu
Final-Recipient: rfc822;louisl@larry.slip.umd.edu
Action: failed
Status: 4.0.0
Diagnostic-Code: smtp; 426 connection timed out
Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400

--RAA14128.773615765/CS.UTK.EDU
content-type: message/rfc822

Message-ID: <{MARK}@cs.utk.edu>
Subject: hello

hello
--RAA14128.773615765/CS.UTK.EDU--
"""
# RFC 3464, appendix E.2: three receivers, of whom one is only late.
RFC_3464_THREE = f"""Date: Fri, 8 Jul 1994 09:21:47 -0400
From: Mail Delivery Subsystem <MAILER-DAEMON@CS.UTK.EDU>
Subject: Returned mail: User unknown
To: <owner-ups-mib@CS.UTK.EDU>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
    boundary="JAA13167.773673707/CS.UTK.EDU"

--JAA13167.773673707/CS.UTK.EDU
content-type: text/plain; charset=us-ascii

   ----- The following addresses had delivery problems -----
<arathib@vnet.ibm.com>  (unrecoverable error)
<wsnell@sdcc13.ucsd.edu>  (unrecoverable error)

--JAA13167.773673707/CS.UTK.EDU
content-type: message/delivery-status

Reporting-MTA: dns; cs.utk.edu
Original-Envelope-Id: {MARK}

Original-Recipient: rfc822;arathib@vnet.ibm.com
Final-Recipient: rfc822;arathib@vnet.ibm.com
Action: failed
Status: 5.0.0 (permanent failure)
Diagnostic-Code: smtp; 550 'arathib@vnet.IBM.COM' is not a
 registered gateway user
Remote-MTA: dns; vnet.ibm.com

Original-Recipient: rfc822;johnh@hpnjld.njd.hp.com
Final-Recipient: rfc822;johnh@hpnjld.njd.hp.com
Action: delayed
Status: 4.0.0 (hpnjld.njd.jp.com: host name lookup failure)

Original-Recipient: rfc822;wsnell@sdcc13.ucsd.edu
Final-Recipient: rfc822;wsnell@sdcc13.ucsd.edu
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 user unknown
Remote-MTA: dns; sdcc13.ucsd.edu

--JAA13167.773673707/CS.UTK.EDU
content-type: message/rfc822

[original message goes here]
--JAA13167.773673707/CS.UTK.EDU--
"""
# RFC 3464, appendix E.4: nothing has failed yet.
RFC_3464_DELAYED = f"""MIME-Version: 1.0
From: <postmaster@nsfnet-relay.ac.uk>
Message-Id: <199407092338.TAA23293@CS.UTK.EDU>
Received: from nsfnet-relay.ac.uk by sun2.nsfnet-relay.ac.uk
To: owner-info-mime@cs.utk.edu
Date: Sun, 10 Jul 1994 00:36:51 +0100
Subject: WARNING: message delayed at "nsfnet-relay.ac.uk"
content-type: multipart/report; report-type=delivery-status;
     boundary=foobar

--foobar
content-type: text/plain

The following message:
Message-ID: <{MARK}@cs.utk.edu>
has not been delivered to the intended recipient.

--foobar
content-type: message/delivery-status

Reporting-MTA: dns; sun2.nsfnet-relay.ac.uk

Final-Recipient: rfc822;thomas@de-montfort.ac.uk
Status: 4.0.0 (unknown temporary failure)
Action: delayed

--foobar--
"""
# RFC 5965, appendix B.1: somebody pressed “spam”.
RFC_5965 = f"""From: <abusedesk@example.com>
Date: Thu, 8 Mar 2005 17:40:36 EDT
Subject: FW: Earn money
To: <abuse@example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
     boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from IP
192.0.2.1 on Thu, 8 Mar 2005 14:00:00 EDT.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

From: <somespammer@example.net>
To: <Undisclosed Recipients>
Subject: Earn money
MIME-Version: 1.0
Content-type: text/plain
Message-ID: <{MARK}@example.net>
Date: Thu, 02 Sep 2004 12:31:03 -0500

Spam Spam Spam
--part1_13d.2e68ed54_boundary--
"""
# The form of D. J. Bernstein's QSBMF, as qmail writes it.
QMAIL = f"""Return-Path: <>
From: MAILER-DAEMON@silverton.berkeley.edu
To: djb@silverton.berkeley.edu
Subject: failure notice

Hi. This is the qmail-send program at silverton.berkeley.edu.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<god@heaven.af.mil>:
Sorry, I couldn't find any host by that name.

--- Below this line is a copy of the message.

Message-ID: <{MARK}@silverton.berkeley.edu>
Subject: are you there?

550 yuan off, and the mailbox is full of tea.
"""


def dsn(
    mark: str,
    status: str = "5.1.1",
    action: str = "failed",
    *,
    to: str = "Chen@example.com",
    words: str = "550 <chen@example.com>",
    returned: bool = True,
) -> bytes:
    """A delivery status as Postfix writes it, with the headers of the returned mail."""
    tail = (
        f"--B\nContent-Type: text/rfc822-headers\n\nFrom: shop@shop.example\n"
        f"Message-ID: <{MARK}@shop.example>\nSubject: x\n\n"
    )
    sample = (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\n"
        "To: back@shop.example\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n'
        "\n--B\nContent-Type: text/plain\n\nI'm sorry to have to inform you.\n\n"
        "--B\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {words}\n\n"
        f"{tail if returned else ''}--B--\n"
    )
    return marked(sample, mark)


def complaint(mark: str) -> bytes:
    """Somebody pressed “spam”."""
    return marked(RFC_5965, mark)


def told_in_words(mark: str, words: str, *, sender: str, subject: str) -> bytes:
    """A mail that came back and says so in words only, with our mail behind it."""
    sample = (
        f"From: {sender}\nTo: back@shop.example\nSubject: {subject}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="B"\n\n'
        f"--B\nContent-Type: text/plain; charset=utf-8\n\n{words}\n\n"
        f"--B\nContent-Type: message/rfc822\n\nMessage-ID: <{MARK}@shop.example>\n"
        "Subject: x\n\n550 user unknown\n--B--\n"
    )
    return marked(sample, mark)


def letter(
    text: str,
    *,
    sender: str = "陈一诺 <chen@example.com>",
    subject: str = "订单",
    answers: str = "",
    number: int = 1,
    extra: str = "",
) -> bytes:
    """What a person writes."""
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "help@shop.example", subject
    mail["Message-ID"] = f"<letter-{number}@example.com>"
    if answers:
        mail["In-Reply-To"] = f"<{answers}@shop.example>"
    for line in filter(None, extra.split("\n")):
        name, _, value = line.partition(": ")
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()
