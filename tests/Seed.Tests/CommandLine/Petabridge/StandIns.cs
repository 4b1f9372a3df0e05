using Akka.Actor;
using Akka.Hosting;

// Stand-ins for the types of Petabridge.Cmd 1.5.0 that the palette uses; its packages are closed source. Each member names
// where it is public:
//   [D] https://cmd.petabridge.com/articles/commands/custom-commands.html
//   [Q] https://github.com/petabridge/petabridge.cmd-quickstart, src/Petabridge.Cmd.QuickStart
//   [P] Akka.CQRS.Pricing.Cli/PriceCmdRouter.cs of Petabridge's Akka.CQRS sample (github.com/Aaronontheweb/InMemoryCQRSReplication)
//   [T] https://github.com/petabridge/DrawTogether.NET, its AkkaConfiguration and AkkaSettings
#pragma warning disable CS1591, SA1402, MA0048, CA1822 // many small types in one file, with the members and names of the originals
namespace Petabridge.Cmd
{
    /// <summary>[Q] MsgCommands.cs: <c>new CommandPalette("msg", new[] { Write, Echo })</c>.</summary>
    public sealed class CommandPalette(string moduleName, IReadOnlyList<CommandDefinition> commands)
    {
        public string ModuleName => moduleName;

        public IReadOnlyList<CommandDefinition> Commands => commands;
    }

    /// <summary>[D] "Defining a Command": a name, a description and arguments.</summary>
    public sealed class CommandDefinition(string name, string description, IReadOnlyList<ArgumentDefinition> arguments)
    {
        /// <summary>[Q] MsgCommandHandlerActor.cs: <c>MsgCommands.Write.Name</c>.</summary>
        public string Name => name;

        public string Description => description;

        /// <summary>[Q] MsgCommandHandlerActor.cs: <c>MsgCommands.Echo.ArgumentsByName["message"]</c>.</summary>
        public IReadOnlyDictionary<string, ArgumentDefinition> ArgumentsByName =>
            arguments.ToDictionary(argument => argument.Name, StringComparer.Ordinal);
    }

    /// <summary>[Q] MsgCommandHandlerActor.cs: <c>ArgumentsByName["message"].Switch.Contains(...)</c>.</summary>
    public sealed record ArgumentDefinition(string Name, string Description, bool IsMandatory, IReadOnlyList<string> Switch);

    /// <summary>
    /// [Q] MsgCommands.cs: <c>new
    /// CommandDefinitionBuilder().WithName("view").WithDescription(...).WithArgument(builder => ...).Build()</c>.
    /// </summary>
    public sealed class CommandDefinitionBuilder
    {
        private readonly List<ArgumentDefinition> arguments = [];
        private string name = "";
        private string description = "";

        public CommandDefinitionBuilder WithName(string text)
        {
            name = text;
            return this;
        }

        public CommandDefinitionBuilder WithDescription(string text)
        {
            description = text;
            return this;
        }

        public CommandDefinitionBuilder WithArgument(Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> define)
        {
            arguments.Add(define(new ArgumentDefinitionBuilder()).Build());
            return this;
        }

        public CommandDefinition Build() => new(name, description, arguments);
    }

    /// <summary>
    /// [Q] MsgCommands.cs: <c>b.WithName("message").WithDescription(...).IsMandatory(true).WithSwitch("-m").WithSwitch("-M")</c>.
    /// </summary>
    public sealed class ArgumentDefinitionBuilder
    {
        private readonly List<string> switches = [];
        private string name = "";
        private string description = "";
        private bool isMandatory;

        public ArgumentDefinitionBuilder WithName(string text)
        {
            name = text;
            return this;
        }

        public ArgumentDefinitionBuilder WithDescription(string text)
        {
            description = text;
            return this;
        }

        public ArgumentDefinitionBuilder IsMandatory(bool mandatory)
        {
            isMandatory = mandatory;
            return this;
        }

        public ArgumentDefinitionBuilder WithSwitch(string text)
        {
            switches.Add(text);
            return this;
        }

        internal ArgumentDefinition Build() => new(name, description, isMandatory, switches);
    }

    /// <summary>
    /// [Q] MsgCommandHandlerActor.cs: <c>write.Arguments.SingleOrDefault(x => ... x.Item1)?.Item2</c>, pairs of a switch and its value.
    /// </summary>
    public sealed record Command(string Name, IReadOnlyList<Tuple<string, string>> Arguments);

    /// <summary>
    /// [P] <c>arguments.ArgumentValues("symbol").Single()</c>: the values of the argument of that name. The sample never names the type.
    /// </summary>
    public sealed class CommandArguments(CommandDefinition definition, Command command)
    {
        public IEnumerable<string> ArgumentValues(string name) => command.Arguments
            .Where(argument => definition.ArgumentsByName[name].Switch.Contains(argument.Item1)).Select(argument => argument.Item2);
    }

    /// <summary>[P] <c>new CommandResponse(x.ToString(), false)</c>; the answer is complete with a final one.</summary>
    public record CommandResponse(string Message, bool final = true)
    {
        /// <summary>[P] <c>CommandResponse.Empty</c> ends an answer of many.</summary>
        public static readonly CommandResponse Empty = new("");
    }

    /// <summary>[Q] MsgCommandHandlerActor.cs: <c>new ErroredCommandResponse("Unable to ...")</c>.</summary>
    public sealed record ErroredCommandResponse(string Error) : CommandResponse(Error);
}

namespace Petabridge.Cmd.Host
{
    /// <summary>[D] "CommandPaletteHandler": a palette and how its handler is made.</summary>
    public abstract class CommandPaletteHandler(CommandPalette palette)
    {
        public CommandPalette Palette => palette;

        public abstract Props HandlerProps { get; }
    }

    /// <summary>
    /// [Q] MsgCommandHandlerActor.cs: <c>base(MsgCommands.Palette)</c>, <c>Process(name, handler)</c>; [P] for a handler with arguments.
    /// </summary>
    public abstract class CommandHandlerActor : ReceiveActor
    {
        private readonly Dictionary<string, Action<Command>> handlers = [];
        private readonly CommandPalette palette;

        protected CommandHandlerActor(CommandPalette palette)
        {
            this.palette = palette;
            Receive<Command>(command => handlers[command.Name](command));
        }

        protected void Process(string name, Action<Command, CommandArguments> handler)
        {
            var definition = palette.Commands.Single(command => command.Name == name);
            handlers.Add(name, command => handler(command, new CommandArguments(definition, command)));
        }
    }

    /// <summary>[T] <c>new PetabridgeCmdOptions { Host = "0.0.0.0", Port = 9110 }</c>.</summary>
    public sealed class PetabridgeCmdOptions
    {
        public string? Host { get; init; }

        public int Port { get; init; }
    }

    /// <summary>[T] what is configured in <c>AddPetabridgeCmd</c>.</summary>
    public sealed class PetabridgeCmd(PetabridgeCmdOptions options)
    {
        public PetabridgeCmdOptions Options => options;

        public List<CommandPaletteHandler> Palettes { get; } = [];

        /// <summary>[T] <c>cmd.RegisterCommandPalette(ClusterCommands.Instance)</c>.</summary>
        public void RegisterCommandPalette(CommandPaletteHandler handler) => Palettes.Add(handler);
    }

    public static class PetabridgeCmdHosting
    {
        /// <summary>What was configured last.</summary>
        public static PetabridgeCmd? Configured { get; private set; }

        /// <summary>[T] <c>builder.AddPetabridgeCmd(options: ..., hostConfiguration: cmd => ...)</c>.</summary>
        public static AkkaConfigurationBuilder AddPetabridgeCmd(
            this AkkaConfigurationBuilder builder, PetabridgeCmdOptions options, Action<PetabridgeCmd> hostConfiguration)
        {
            Configured = new PetabridgeCmd(options);
            hostConfiguration(Configured);
            return builder;
        }
    }
}

namespace Petabridge.Cmd.Cluster
{
    /// <summary>[T] <c>ClusterCommands.Instance</c>.</summary>
    public sealed class ClusterCommands : Host.CommandPaletteHandler
    {
        public static readonly ClusterCommands Instance = new();

        private ClusterCommands()
            : base(new CommandPalette("cluster", []))
        {
        }

        public override Props HandlerProps => Props.Empty;
    }
}

namespace Petabridge.Cmd.Cluster.Sharding
{
    /// <summary>[T] <c>ClusterShardingCommands.Instance</c>.</summary>
    public sealed class ClusterShardingCommands : Host.CommandPaletteHandler
    {
        public static readonly ClusterShardingCommands Instance = new();

        private ClusterShardingCommands()
            : base(new CommandPalette("cluster-sharding", []))
        {
        }

        public override Props HandlerProps => Props.Empty;
    }
}
