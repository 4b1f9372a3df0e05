using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace LPZero.Cluster.Tests.Deploy;

/// <summary>deploy/'s manifests for Kubernetes and compose, read as YAML: nobody is root, and everybody is drained.</summary>
public sealed class ManifestTests
{
    // A node takes up to two minutes to drain.
    private const int LeastSecondsToDrain = 150;

    private static IReadOnlyList<YamlNode> PodTemplates =>
        [.. Documents("kubernetes/lpzero.yaml").Select(document => At(document, "spec", "template", "spec")).OfType<YamlNode>()];

    [Fact]
    public void Pods_are_not_root_and_cannot_become_it()
    {
        Assert.Equal(2, PodTemplates.Count);
        foreach (var pod in PodTemplates)
        {
            Assert.Equal("true", Text(pod, "securityContext", "runAsNonRoot"));
            Assert.Equal(ImageUser(), Text(pod, "securityContext", "runAsUser"));
            foreach (var container in List(pod, "containers"))
            {
                Assert.Equal("false", Text(container, "securityContext", "allowPrivilegeEscalation"));
                Assert.Equal("true", Text(container, "securityContext", "readOnlyRootFilesystem"));
                Assert.Equal(["ALL"], List(container, "securityContext", "capabilities", "drop").Select(name => name.ToString()));
                // What a node writes to: its home, for the cache, and the runtime's temporary files.
                Assert.Equal(
                    ["/tmp", "/var/lib/lpzero"],
                    List(container, "volumeMounts").Select(mount => Text(mount, "mountPath")).Order(StringComparer.Ordinal));
                Assert.Equal(
                    List(container, "volumeMounts").Select(mount => Text(mount, "name")),
                    List(pod, "volumes").Select(volume => Text(volume, "name")));
            }
        }
    }

    [Fact]
    public void Pods_are_probed_and_have_the_time_to_drain()
    {
        foreach (var pod in PodTemplates)
        {
            var seconds = int.Parse(Text(pod, "terminationGracePeriodSeconds")!, CultureInfo.InvariantCulture);
            Assert.True(seconds >= LeastSecondsToDrain);
            Assert.All(List(pod, "containers"), container => Assert.NotNull(At(container, "livenessProbe")));
        }

        var coordinator = List(PodTemplates[0], "containers").Single();
        Assert.NotNull(At(coordinator, "readinessProbe"));
        Assert.NotNull(At(coordinator, "lifecycle", "preStop"));
    }

    [Fact]
    public void A_pod_that_asks_for_a_GPU_is_let_onto_machines_that_are_kept_for_them()
    {
        var asking = PodTemplates.Where(pod => List(pod, "containers")
            .Any(container => At(container, "resources", "limits", "nvidia.com/gpu") is not null)).ToList();
        Assert.Single(asking);
        Assert.Contains(List(asking[0], "tolerations"), toleration =>
            Text(toleration, "key") == "nvidia.com/gpu" && Text(toleration, "effect") == "NoSchedule");
    }

    [Fact]
    public void Services_of_compose_that_are_nodes_write_to_nothing_of_the_image_and_have_the_time_to_drain()
    {
        var node = At(Documents("compose.yaml").Single(), "x-node")!;
        Assert.Equal("true", Text(node, "read_only"));
        Assert.Equal("3m", Text(node, "stop_grace_period"));
        Assert.Equal(["ALL"], List(node, "cap_drop").Select(name => name.ToString()));
        Assert.Contains($"/var/lib/lpzero:uid={ImageUser()}", List(node, "tmpfs").Select(folder => folder.ToString()));
    }

    /// <summary>The number of the user that the image runs as.</summary>
    private static string ImageUser() =>
        File.ReadAllLines(Deploy("Dockerfile")).Single(line => line.StartsWith("USER ", StringComparison.Ordinal))["USER ".Length..];

    private static string Deploy(string file) => Path.Combine(Repository.Root!, "deploy", file);

    private static IEnumerable<YamlNode> Documents(string file)
    {
        using var reader = new StreamReader(Deploy(file));
        var stream = new YamlStream();
        stream.Load(reader);
        return stream.Documents.Select(document => document.RootNode);
    }

    private static string? Text(YamlNode node, params string[] path) => At(node, path)?.ToString();

    private static IEnumerable<YamlNode> List(YamlNode node, params string[] path) => ((YamlSequenceNode)At(node, path)!).Children;

    private static YamlNode? At(YamlNode node, params string[] path) => path.Aggregate(
        (YamlNode?)node, (at, key) => at is YamlMappingNode mapping && mapping.Children.TryGetValue(key, out var value) ? value : null);
}
