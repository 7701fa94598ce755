// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/verb.h"

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace weir::cli {

/// What a number on the command line may be, both ends included.
struct NumberRange
{
    double least = 0;
    double most = std::numeric_limits<double>::infinity();
};

/// The options of one verb. Names are those that the user types ("-q,--quiet"); one without dashes is told by its
/// place. `into` holds the default, which the help shows, and has to live until the verb has run.
class VerbOptions
{
public:
    VerbOptions(CLI::App& verb, SharedOptions& shared) : m_verb(verb), m_shared(shared) { }

    void required(const char* names, std::string& into, const char* help);
    void text(const char* names, std::string& into, const char* help);
    void requiredTexts(const char* names, std::vector<std::string>& into, const char* help);
    void texts(const char* names, std::vector<std::string>& into, const char* help);
    void flag(const char* names, bool& into, const char* help);
    /// A default at the limit of its type means "none" and is not shown.
    void number(const char* names, int& into, const char* help, NumberRange range = {});
    void number(const char* names, std::int64_t& into, const char* help, NumberRange range = {});
    void number(const char* names, std::uint64_t& into, const char* help, NumberRange range = {});
    void number(const char* names, double& into, const char* help, NumberRange range = {});
    void numbers(const char* names, std::vector<int>& into, const char* help);

    /// -b/--brokers or --capture, one of which has to be given, and --json with what it does here.
    void connection(const char* jsonHelp);
    void brokers(const char* help); ///< -b/--brokers, which may be left out
    void capture(const char* help); ///< --capture, which may be left out
    void requiredBrokers(const char* help);
    void requiredCapture(const char* help);
    void pace(); ///< --speed, at which a capture comes
    void json(const char* help);
    /// --memory.
    void memory();

private:
    CLI::App& m_verb;
    SharedOptions& m_shared;
};

/// The command line of weir-cli. CLI11 is seen by command_line.cpp alone: its header takes ten seconds of compiling.
class CommandLine
{
public:
    CommandLine();
    ~CommandLine();

    /// `action` runs when the user chose this verb.
    VerbOptions addVerb(const char* name, const std::string& help, Action action);

    /// Nothing when a verb was chosen; else help or version were printed, or what is wrong, and this is the exit code.
    std::optional<ExitCode> parse(int argc, const char* const* argv);

    const SharedOptions& shared() const { return m_shared; }
    /// After a parse that chose one.
    const Action& chosen() const { return m_chosen; }

private:
    std::unique_ptr<CLI::App> m_app;
    SharedOptions m_shared;
    Action m_chosen;
};

} // namespace weir::cli
