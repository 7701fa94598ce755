// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/profile_panel.h"

#include "app/session/profile_run.h"

namespace weir {

namespace {

constexpr int nameWidth = 28;
constexpr int valueWidth = 44;

QString lineOf(const ProfileLine& line)
{
    const QString name = QStringLiteral("  ") + QString::fromStdString(line.name);
    const QString value = QString::fromStdString(line.value).replace(QLatin1Char('\n'), QLatin1Char(' '));
    return name.leftJustified(nameWidth) + QLatin1Char(' ') + value.leftJustified(valueWidth) + QLatin1Char(' ')
        + QString::fromStdString(line.note);
}

} // namespace

ProfilePanel::ProfilePanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent)
    : ReportPanel(context, asked,
        {tr("Profile"), tr("Sizes, keys, skew between partitions, the fields of JSON values, records by hour.")},
        tr("Profile"), parent)
{
    begin(asked);
}

QString ProfilePanel::title() const
{
    return topics().isEmpty() ? tr("Profile") : tr("Profile of %1").arg(topics());
}

ReportPanel::Opener ProfilePanel::opener() const
{
    return [](Cluster& cluster, const ReadRequest& request) -> Result<std::shared_ptr<ReportRun>> {
        auto run = ProfileRun::start(cluster, request, SystemClock::instance());
        if (!run)
            return run.error();
        return std::shared_ptr<ReportRun>(std::move(*run));
    };
}

QStringList ProfilePanel::foundLines(const ReportRun& run)
{
    QStringList lines;
    QString section;
    for (const ProfileLine& line : profileLines(*static_cast<const ProfileRun&>(run).profile())) {
        if (const QString name = QString::fromStdString(line.section); name != section) {
            section = name;
            lines << QString() << section;
        }
        lines.append(lineOf(line));
    }
    return lines;
}

} // namespace weir
