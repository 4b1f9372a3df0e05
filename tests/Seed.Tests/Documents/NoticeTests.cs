using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace LPZero.Seed.Tests.Documents;

/// <summary>NOTICE, against the packages that were restored for the program.</summary>
public sealed class NoticeTests
{
    // Copied by its build file, so that it has no assets of its own in the list of packages.
    private const string LibTorch = "libtorch-cpu-linux-x64";

    // Of packages that name a file or an address in place of a license's identifier; each was read.
    private static readonly Dictionary<string, string> Read = new(StringComparer.Ordinal)
    {
        ["LightningDB"] = "OLDAP-2.8", ["SkiaSharp"] = "MIT", ["SourceGear.sqlite3"] = "blessing",
    };

    [Fact]
    public void Every_package_that_a_publish_carries_is_in_NOTICE_under_its_license()
    {
        var assets = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root!, "src", "Seed", "obj", "project.assets.json")))!;
        var folders = assets["packageFolders"]!.AsObject().Select(folder => folder.Key).ToList();
        var shipped = assets["targets"]!.AsObject().Single(target => !target.Key.Contains('/')).Value!.AsObject()
            .Where(package => (string?)package.Value!["type"] == "package")
            .Select(package => (Id: package.Key.Split('/'), package.Value))
            .Where(package => package.Id[0] == LibTorch || IsShipped(package.Value!))
            .ToDictionary(package => package.Id[0], package => License(folders, package.Id[0], package.Id[1]), StringComparer.Ordinal);
        Assert.Contains("Akka", shipped);
        Assert.Equal(
            shipped.Select(package => $"{package.Value}: {package.Key}").Order(StringComparer.Ordinal),
            Notice().Select(package => $"{package.License}: {package.Name}").Order(StringComparer.Ordinal));
    }

    /// <summary>The lists of NOTICE: a license alone on a line, and below it packages behind two blanks.</summary>
    private static IEnumerable<(string License, string Name)> Notice()
    {
        var license = "";
        foreach (var line in File.ReadAllLines(Path.Combine(Repository.Root!, "NOTICE")))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                yield return (license, line.Trim().Split(':')[0]);
            }
            else
            {
                license = line;
            }
        }
    }

    private static bool IsShipped(JsonNode package) =>
        package["runtime"]?.AsObject().Any(file => !file.Key.EndsWith("/_._", StringComparison.Ordinal)) == true
        || package["runtimeTargets"]?.AsObject().Any(file => (string?)file.Value!["rid"] is "linux" or "linux-x64" or "unix") == true;

    private static string License(List<string> folders, string name, string version)
    {
        // NuGet keeps packages in folders of small letters.
        var file = folders.Select(folder => Path.Combine(folder, Small(name), Small(version), $"{Small(name)}.nuspec")).First(File.Exists);
        var license = XDocument.Load(file).Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return license?.Attribute("type")?.Value == "expression" ? license.Value : Read.GetValueOrDefault(name, "none is declared");

        // CA1308 prefers capitals, which are no names of folders here.
        static string Small(string text) => string.Create(text.Length, text, (small, from) => from.AsSpan().ToLowerInvariant(small));
    }
}
