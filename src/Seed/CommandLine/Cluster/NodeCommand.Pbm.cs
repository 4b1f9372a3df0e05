using System.CommandLine;

namespace LPZero.Seed.CommandLine.Cluster;

/// <content>What a build with Petabridge.Cmd adds.</content>
internal static partial class NodeCommand
{
    static partial void AddPbm(Command command, List<PaletteOption> palettes)
    {
        var pbm = new Option<string>("--pbm")
        {
            Description = $"address that pbm connects to on a coordinator, or {ApiOptions.None}; " +
                "it asks for no token, so keep it on this machine",
            HelpName = "ADDRESS:PORT",
            DefaultValueFactory = _ => "127.0.0.1:9110",
        };
        command.Options.Add(pbm);
        palettes.Add(parsed =>
        {
            if (parsed.GetValue(pbm) == ApiOptions.None)
            {
                return null;
            }

            var (host, port) = ApiOptions.HostAndPort("--pbm", parsed.GetValue(pbm)!);
            return (akka, service) => SearchPalette.AddTo(akka, host, port, service);
        });
    }
}
