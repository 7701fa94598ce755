// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

#include <memory>

namespace weir::test {

/// What a program said and how it ended.
struct Outcome
{
    int code = -1; ///< -1: it did not start, crashed or had to be killed
    QByteArray out;
    QByteArray err;
    qint64 ms = 0;

    /// Standard output by lines, without their ends.
    QList<QByteArray> lines() const;
    /// Every line of standard output as a JSON object; an empty list when one is none.
    QList<QJsonObject> objects() const;
};

/// Runs a program to its end, a minute at most, with `input` as its standard input.
Outcome runCommand(const QString& program, const QStringList& arguments, const QByteArray& input = {});

/// A program that runs until it is interrupted. Its output is kept as it comes.
class RunningCommand
{
public:
    RunningCommand(const QString& program, const QStringList& arguments);
    ~RunningCommand(); ///< kills it if it still runs

    /// Waits until `text` was said on standard output or standard error; false after `timeoutMs`.
    bool waitForOut(const QByteArray& text, int timeoutMs);
    bool waitForErr(const QByteArray& text, int timeoutMs);
    /// Waits until so many lines stand on standard output.
    bool waitForLines(int count, int timeoutMs);
    const QByteArray& out();
    const QByteArray& err();
    /// Ctrl-C, then waits for the end.
    Outcome interrupt();

private:
    void take();
    template <typename Reached>
    bool waitFor(Reached reached, int timeoutMs);

    QProcess m_process;
    QByteArray m_out;
    QByteArray m_err;
};

} // namespace weir::test
