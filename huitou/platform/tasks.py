"""Jobs of the plumbing: what a dead worker left behind, and records nobody needs any more."""

from datetime import datetime

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app

from huitou.platform import jobs

KEEP_JOBS_HOURS = 30 * 24


@jobs.every("31 4 * * *", "platform.forget_sessions")
def forget_sessions(due_at: datetime) -> None:
    """Delete sessions that have run out."""
    del due_at
    call_command("clearsessions")


@app.periodic(cron="*/2 * * * *")
@app.task(
    name="platform.rescue_stalled", queueing_lock="platform.rescue_stalled", pass_context=True
)
async def rescue_stalled(context: JobContext, timestamp: int) -> None:
    """Give jobs of workers that died back to the queue."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="17 4 * * *")
@app.task(name="platform.forget_jobs", queueing_lock="platform.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Delete the records of jobs that ended a month ago."""
    del timestamp
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_JOBS_HOURS, include_failed=True)
