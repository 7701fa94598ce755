// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/command.h"

#include <QElapsedTimer>
#include <QJsonDocument>

#include <csignal>

namespace weir::test {

namespace {

constexpr int endMs = 60'000;

Outcome outcomeOf(const QProcess& process, qint64 ms)
{
    Outcome outcome;
    outcome.ms = ms;
    if (process.state() == QProcess::NotRunning && process.error() != QProcess::FailedToStart
        && process.exitStatus() == QProcess::NormalExit)
        outcome.code = process.exitCode();
    return outcome;
}

} // namespace

QList<QByteArray> Outcome::lines() const
{
    QList<QByteArray> lines = out.split('\n');
    if (!lines.isEmpty() && lines.back().isEmpty())
        lines.removeLast();
    return lines;
}

QList<QJsonObject> Outcome::objects() const
{
    QList<QJsonObject> objects;
    for (const QByteArray& line : lines()) {
        QJsonParseError error{};
        const QJsonDocument document = QJsonDocument::fromJson(line, &error);
        if (!document.isObject())
            return {};
        objects.append(document.object());
    }
    return objects;
}

Outcome runCommand(const QString& program, const QStringList& arguments, const QByteArray& input)
{
    QElapsedTimer timer;
    timer.start();
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(endMs)) {
        process.kill();
        process.waitForFinished();
    }
    Outcome outcome = outcomeOf(process, timer.elapsed());
    outcome.out = process.readAllStandardOutput();
    outcome.err = process.readAllStandardError();
    return outcome;
}

RunningCommand::RunningCommand(const QString& program, const QStringList& arguments)
{
    m_process.start(program, arguments);
    m_process.waitForStarted();
}

RunningCommand::~RunningCommand()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

void RunningCommand::take()
{
    m_out += m_process.readAllStandardOutput();
    m_err += m_process.readAllStandardError();
}

template <typename Reached>
bool RunningCommand::waitFor(Reached reached, int timeoutMs)
{
    QElapsedTimer timer;
    timer.start();
    for (take(); !reached(); take()) {
        if (timer.elapsed() > timeoutMs || m_process.state() == QProcess::NotRunning)
            return false;
        m_process.waitForReadyRead(20);
    }
    return true;
}

bool RunningCommand::waitForOut(const QByteArray& text, int timeoutMs)
{
    return waitFor([&] { return m_out.contains(text); }, timeoutMs);
}

bool RunningCommand::waitForErr(const QByteArray& text, int timeoutMs)
{
    return waitFor([&] { return m_err.contains(text); }, timeoutMs);
}

bool RunningCommand::waitForLines(int count, int timeoutMs)
{
    return waitFor([&] { return m_out.count('\n') >= count; }, timeoutMs);
}

const QByteArray& RunningCommand::out()
{
    take();
    return m_out;
}

const QByteArray& RunningCommand::err()
{
    take();
    return m_err;
}

Outcome RunningCommand::interrupt()
{
    QElapsedTimer timer;
    timer.start();
    if (m_process.state() == QProcess::Running)
        ::kill(static_cast<pid_t>(m_process.processId()), SIGINT);
    m_process.waitForFinished(endMs);
    take();
    Outcome outcome = outcomeOf(m_process, timer.elapsed());
    outcome.out = m_out;
    outcome.err = m_err;
    return outcome;
}

} // namespace weir::test
